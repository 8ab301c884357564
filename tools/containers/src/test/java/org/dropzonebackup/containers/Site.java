package org.dropzonebackup.containers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dropzonebackup.core.users.PasswordHash;

/**
 * Where one container is laid out, and what it needs of the outside. Whoever runs the tests as root has the container run
 * by an unprivileged user, as on a server.
 *
 * @param directory for everything that it writes
 * @param war the web application
 * @param uploads the upload base directory
 * @param users the users file
 * @param settings the settings file
 * @param port to listen on
 */
record Site(Path directory, Path war, Path uploads, Path users, Path settings, int port) {

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** To compile what is over in seconds costs more than it gains. */
    static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    /**
     * One with the web application as it was built, settings, and a user, alice.
     *
     * @param directory empty
     * @param password alice's
     */
    static Site in(final Path directory, final String password) throws IOException {
        final Site site = new Site(directory, directory.resolve("dropzone.war"),
                Files.createDirectory(directory.resolve("uploads")), directory.resolve("users.properties"),
                directory.resolve("dropzone.properties"), freePort());
        Files.copy(Path.of(System.getProperty("contract.war")), site.war());
        Files.createDirectory(site.box());
        Files.writeString(site.users(), "alice.password = " + PasswordHash.of(password).text() + "\n");
        Files.writeString(site.settings(), "upload-base-dir = " + site.uploads() + "\nusers-file = " + site.users() + "\n");
        return site;
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Where alice's files go. */
    Path box() {
        return uploads.resolve("alice");
    }

    /** A command that runs as a user, who is given the site's directory with all that is in it. */
    ProcessBuilder command(final String user, final Map<String, String> environment, final String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>();
        if (ROOT) {
            giveTo(user);
            command.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + groupOf(user), "--clear-groups", "--no-new-privs"));
        }
        command.addAll(List.of(arguments));
        final ProcessBuilder process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().put("CATALINA_OPTS", String.join(" ", SHORT_LIVED));
        process.environment().put("LC_ALL", "C.UTF-8");
        process.environment().putAll(environment);
        return process;
    }

    /** Runs something to its end. */
    void run(final Path in, final String... command) throws IOException {
        final Process process = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes());
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    private void giveTo(final String user) throws IOException {
        final UserPrincipal owner = directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.toList()) {
                Files.setOwner(file, owner);
            }
        }
    }

    private static String groupOf(final String user) {
        return user.equals("nobody") ? "nogroup" : user;
    }
}
