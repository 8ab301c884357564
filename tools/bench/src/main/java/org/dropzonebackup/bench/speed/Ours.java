package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.bench.Server;
import org.dropzonebackup.core.users.PasswordHash;

/**
 * The drop box, which is sent a password with each file.
 *
 * @param jar the server jar
 */
record Ours(Path jar) {

    private static final String PASSWORD = "correct horse battery";

    /** Sends the body as the file. */
    static List<String> raw() {
        return put("/upload/#");
    }

    /** The same where the web application is not at the root. */
    static List<String> put(final String path) {
        return List.of("-u", path, "-H", "Username: alice", "-H", "Password: " + PASSWORD);
    }

    /** Sends the file as a part of a form. */
    static List<String> form() {
        final List<String> options = new ArrayList<>(put("/upload"));
        options.addAll(List.of("-m", "POST", "-F"));
        return options;
    }

    /**
     * The server jar.
     *
     * @param durable whether files are synced
     * @param machine options of the virtual machine
     */
    Contender contender(final boolean durable, final String... machine) {
        return new Contender("ours", List.of(), (directory, box) -> {
            final Server server = Server.start(command(directory, box, durable).on(machine));
            return new Running(server.process(), server.port());
        }, raw());
    }

    /** How it is started. */
    Server.Command command(final Path directory, final Path box, final boolean durable, final String... more)
            throws IOException {
        return Server.Command.of(jar, directory.resolve("log"), Stream.concat(Stream.of(more), Stream.of(
                // The box is replaced again and again, which the base directory must not be
                "--upload-base-dir", box.getParent().toString(), "--users-file", users(directory, box).toString(),
                "--fsync=" + durable)).toArray(String[]::new));
    }

    /** A users file with one user, whose directory is the box. */
    static Path users(final Path directory, final Path box) throws IOException {
        return Files.writeString(directory.resolve("users.properties"),
                "alice.password = " + PasswordHash.of(PASSWORD).text() + "\nalice.directory = " + box + "\n");
    }
}
