package org.dropzonebackup.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.users.PasswordHash;

/** The finished server jar as a process of its own, with the users alice and bob, on a port that the system chooses. */
final class ServerProcess {

    static final String ALICES_PASSWORD = "secret-pä55";
    static final String BOBS_PASSWORD = "secret-pa55";

    private final Process process;
    private final URI url;
    private final Path base;

    private ServerProcess(final Process process, final URI url, final Path base) {
        this.process = process;
        this.url = url;
        this.base = base;
    }

    /**
     * Starts it and waits until it accepts uploads.
     *
     * @param directory empty
     * @param options besides those for the port, the address and the directories
     */
    static ServerProcess start(final Path directory, final String... options) throws IOException {
        final Path base = Files.createDirectories(directory.resolve("uploads"));
        for (final String user : List.of("alice", "bob", "anonymous")) {
            Files.createDirectories(base.resolve(user));
        }
        final Path users = directory.resolve("users.properties");
        Files.writeString(users, "alice.password = " + PasswordHash.of(ALICES_PASSWORD).text() + "\n"
                + "bob.password = " + PasswordHash.of(BOBS_PASSWORD).text() + "\n");
        final List<String> command = command("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", base.toString(), "--users-file", users.toString());
        command.addAll(List.of(options));
        final Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile()).start();
        final BufferedReader out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.contains("accepts uploads at ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the server did not start: " + Files.readString(directory.resolve("stderr")));
        }
        return new ServerProcess(process, URI.create(line.substring(line.indexOf("http"))), base);
    }

    /** How the server jar is run with some options. */
    static List<String> command(final String... options) {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-jar", System.getProperty("dropzone.server.jar")));
        command.addAll(List.of(options));
        return command;
    }

    URI uploads() {
        return url;
    }

    Path directoryOf(final String user) {
        return base.resolve(user);
    }

    Socket connect() throws IOException {
        final Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends SIGTERM and waits. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the server does not stop");
        }
        return process.exitValue();
    }
}
