package org.dropzonebackup.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.RawConnection;

/** The finished server jar as a process of its own, with the users alice, bob, and carol who has a quota of 100 bytes, on a port that the system chooses. */
public final class ServerProcess {

    public static final String ALICES_PASSWORD = "secret-pä55";
    public static final String BOBS_PASSWORD = "secret-pa55";

    /** Made once, as it takes a while. */
    private static final String USERS = "alice.password = " + PasswordHash.of(ALICES_PASSWORD).text() + "\n"
            + "bob.password = " + PasswordHash.of(BOBS_PASSWORD).text() + "\n"
            + "carol.password = " + PasswordHash.of(BOBS_PASSWORD).text() + "\ncarol.quota = 100\n";

    private final Process process;
    private final URI url;
    private final Path base;
    private final String greeting;

    private ServerProcess(final Process process, final URI url, final Path base, final String greeting) {
        this.process = process;
        this.url = url;
        this.base = base;
        this.greeting = greeting;
    }

    /**
     * Starts it and waits until it accepts uploads.
     *
     * @param directory empty
     * @param options besides those for the port, the address and the directories
     */
    public static ServerProcess start(final Path directory, final String... options) throws IOException {
        final Path base = prepare(directory);
        final Path users = directory.resolve("users.properties");
        final List<String> command = command("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", base.toString(), "--users-file", users.toString());
        command.addAll(List.of(options));
        return start(new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()), base);
    }

    /** Makes the directories and the users file. */
    static Path prepare(final Path directory) throws IOException {
        final Path base = Files.createDirectories(directory.resolve("uploads"));
        for (final String user : List.of("alice", "bob", "carol", "anonymous")) {
            Files.createDirectories(base.resolve(user));
        }
        Files.writeString(directory.resolve("users.properties"), USERS);
        return base;
    }

    /**
     * Starts a server and waits until it accepts uploads.
     *
     * @param builder with a file for standard error
     * @param base where it stores
     */
    static ServerProcess start(final ProcessBuilder builder, final Path base) throws IOException {
        final Process process = builder.start();
        final BufferedReader out = process.inputReader();
        final StringBuilder greeting = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            greeting.append(line).append('\n');
            if (line.contains("accepts uploads at ")) {
                return new ServerProcess(process, URI.create(line.substring(line.indexOf("http"))), base, greeting.toString());
            }
        }
        throw new IOException("the server did not start: " + Files.readString(builder.redirectError().file().toPath()));
    }

    /** How the server jar is run with some options, for seconds: to compile what is soon over costs more than it gains. */
    static List<String> command(final String... options) {
        final List<String> command = plainCommand(options);
        command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        return command;
    }

    /** The same, compiled and with the memory as users have it. */
    static List<String> plainCommand(final String... options) {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-jar", System.getProperty("dropzone.server.jar")));
        command.addAll(List.of(options));
        return command;
    }

    /** What it printed up to the line that says that it accepts uploads. */
    String greeting() {
        return greeting;
    }

    /** All that it printed, once it has ended. */
    String output() throws IOException {
        return greeting + String.join("\n", process.inputReader().lines().toList());
    }

    /** All that it logged until now. */
    String log() throws IOException {
        return Files.readString(base.resolveSibling("stderr"));
    }

    Path usersFile() {
        return base.resolveSibling("users.properties");
    }

    /** Where a user's files go. */
    public Path directoryOf(final String user) {
        return base.resolve(user);
    }

    public int port() {
        return url.getPort();
    }

    long pid() {
        return process.pid();
    }

    RawConnection connect() throws IOException {
        return new RawConnection(url.toURL());
    }

    /** Asks it to end, by SIGTERM; what it printed can still be read, unlike after {@link Process#destroy}. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Ends it as the system does when it has to, and waits. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        exitStatus();
    }

    /** Waits until it has ended. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the server does not stop");
        }
        return process.exitValue();
    }

    /** Asks it to end, and waits. */
    public int stop() throws InterruptedException {
        terminate();
        return exitStatus();
    }
}
