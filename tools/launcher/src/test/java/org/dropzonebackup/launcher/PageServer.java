package org.dropzonebackup.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.SubmittedPaths;

/** The server jar for a browser: on a port of its own, so that it can stop and come back where it was. */
final class PageServer {

    static final String PASSWORD = "secret-pä55";
    /** What browsers trust no more than any host without HTTPS. */
    static final String INSECURE_HOST = "insecure.test";
    static final long MAX_FILE_SIZE = 400L << 20;

    private final Path directory;
    private final List<String> options;
    private final int port;
    private ServerProcess process;

    PageServer(final Path directory, final String... options) throws IOException {
        this.directory = directory;
        this.options = List.of(options);
        Files.createDirectories(box());
        changePassword(PASSWORD);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
    }

    void start() throws IOException {
        final List<String> command = ServerProcess.command("--port", Integer.toString(port), "--listen", "127.0.0.1",
                "--upload-base-dir", directory.resolve("uploads").toString(),
                "--users-file", directory.resolve("users.properties").toString(),
                "--max-file-size", Long.toString(MAX_FILE_SIZE), "--shutdown-grace", "1 s");
        final List<String> all = new ArrayList<>(command);
        all.addAll(options);
        process = ServerProcess.start(
                new ProcessBuilder(all).redirectError(directory.resolve("stderr").toFile()), directory.resolve("uploads"));
    }

    void stop() throws InterruptedException {
        process.stop();
    }

    /** Alice's; the server learns of it by itself. */
    void changePassword(final String password) throws IOException {
        Files.writeString(directory.resolve("users.properties"),
                "alice.password = " + PasswordHash.of(password).text() + "\n");
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Where alice's files are. */
    Path box() {
        return directory.resolve("uploads/alice");
    }

    void emptyTheBox() throws IOException {
        SubmittedPaths.empty(box());
    }

    /** The paths of all that lies in the box, staging files too. */
    Set<String> names() {
        try {
            return SubmittedPaths.contentOf(box()).stream().map(path -> box().relativize(path).toString()).collect(Collectors.toSet());
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
