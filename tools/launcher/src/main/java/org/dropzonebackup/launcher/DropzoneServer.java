package org.dropzonebackup.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.files.FileFault;

/**
 * The server: {@code java -jar dropzone-server.jar --upload-base-dir DIR [options]}. SIGTERM lets uploads finish and ends
 * it; SIGHUP has it read the users file and open the audit log anew.
 */
public final class DropzoneServer {

    /** Who is asked to end while it starts, ends when it has; not if that takes longer. */
    private static final int START_ENDS_SECONDS = 30;

    private final ServerOptions options;
    /** Held by who starts it and by who stops it: never both at once. */
    private final ReentrantLock life = new ReentrantLock();
    private volatile Optional<WebServer> running = Optional.empty();
    private boolean failed;

    private DropzoneServer(final ServerOptions options) {
        this.options = options;
    }

    /**
     * Starts the server, or says why not: exit status 1 for what is not there or not usable, 2 for wrong options.
     *
     * @param arguments see {@code --help}
     */
    public static void main(final String... arguments) {
        try {
            final ServerOptions options = ServerOptions.parse(arguments);
            if (options.has("help")) {
                System.out.print(ServerOptions.help());
            } else if (options.has("version")) {
                System.out.println("dropzone-server " + DropzoneServer.class.getPackage().getImplementationVersion());
            } else {
                new DropzoneServer(options).run();
            }
        } catch (final StartException e) {
            System.err.println(e.getMessage());
            System.exit(e.exitStatus());
        } catch (final IOException | InterruptedException | InvalidPathException e) {
            System.err.println("The server cannot start: " + reason(e));
            System.exit(1);
        }
    }

    /** In words: what was wrong first. */
    private static String reason(final Throwable e) {
        if (e.getCause() != null) {
            return reason(e.getCause());
        }
        return e instanceof IOException fault ? FileFault.describe(fault) : String.valueOf(e.getMessage());
    }

    private void run() throws StartException, IOException, InterruptedException {
        HangUp.handle(this::reload);
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::stopBySignal, "shutdown"));
        } catch (final IllegalStateException alreadyAskedToEnd) {
            return;
        }
        life.lock();
        try {
            failed = true;
            start();
            failed = false;
        } finally {
            life.unlock();
        }
    }

    private void start() throws StartException, IOException, InterruptedException {
        configureLog();
        final int port = options.port();
        final Optional<InetAddress> address = options.listen();
        final Duration grace = options.shutdownGrace();
        requireFree(address, port);
        requirePidDirectory();
        setUpFirstUser();
        final Settings checked = options.check();
        final Map<String, String> settings = options.settings();
        settings.put(Setting.USERS_FILE.key(), checked.access().usersFile().toString());
        final WebServer server = new WebServer(address, port, options.maxHeaderSize(), grace, settings, checked);
        try {
            server.start();
            writePidFile();
        } catch (final StartException | IOException e) {
            server.stop();
            throw e;
        }
        running = Optional.of(server);
        System.out.println("Dropzone Backup accepts uploads at " + url(server.port()) + "/upload");
        SystemdNotifier.ready(URI.create(url(server.port()) + "/health"));
    }

    /** Before anything is there that would have to be stopped again. */
    private void requireFree(final Optional<InetAddress> address, final int port) throws StartException, IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address.map(chosen -> new InetSocketAddress(chosen, port)).orElseGet(() -> new InetSocketAddress(port)));
        } catch (final IOException e) {
            final boolean strange = address.isPresent() && !address.get().isAnyLocalAddress()
                    && NetworkInterface.getByInetAddress(address.get()) == null;
            throw StartException.unusable("Cannot listen on " + options.value("listen").map(chosen -> chosen + ", ").orElse("")
                    + "port " + port + ": " + (strange ? "this machine has no such address" : e.getMessage()));
        }
    }

    private void requirePidDirectory() throws StartException {
        if (options.has("pidfile")) {
            final Path directory = Path.of(options.value("pidfile").orElseThrow()).toAbsolutePath().getParent();
            if (directory == null || !Files.isDirectory(directory)) {
                throw StartException.unusable("option --pidfile: there is no directory " + directory);
            }
        }
    }

    private void setUpFirstUser() throws StartException {
        if (!options.has("first-user")) {
            return;
        }
        final Path base = options.path(Setting.UPLOAD_BASE_DIR)
                .orElseThrow(() -> StartException.usage("--first-user needs --upload-base-dir"));
        final Path users = options.path(Setting.USERS_FILE)
                .orElseThrow(() -> StartException.usage("--first-user needs --users-file"));
        final String name = options.value("first-user").orElseThrow();
        FirstUser.setUp(name, users, base).ifPresentOrElse(
                password -> System.out.println("Password of user " + name + ": " + password + " (shown only now)"),
                () -> System.err.println("--first-user: the users file exists already and is left alone"));
    }

    /** To standard error, unless whoever starts this Java says otherwise by its own means. */
    private void configureLog() throws StartException, IOException {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        final boolean debug = options.has("debug");
        final String configuration = String.join("\n",
                "handlers = java.util.logging.ConsoleHandler",
                "java.util.logging.ConsoleHandler.level = ALL",
                options.logsJson() ? "java.util.logging.ConsoleHandler.formatter = " + JsonFormatter.class.getName() : "",
                "java.util.logging.SimpleFormatter.format = %1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n",
                // Of what strangers send
                "org.eclipse.jetty.http.level = SEVERE",
                "org.eclipse.jetty.util.HostPort.level = SEVERE",
                ".level = " + (debug || options.has("verbose") ? Level.INFO : Level.WARNING),
                debug ? "org.dropzonebackup.level = FINE" : options.has("verbose") ? "org.dropzonebackup.uploads.level = FINE" : "");
        LogManager.getLogManager().readConfiguration(
                new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
    }

    private String url(final int port) throws StartException {
        final String host = options.listen().filter(address -> !address.isAnyLocalAddress())
                .map(address -> options.value("listen").orElseThrow()).orElse("127.0.0.1");
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private void writePidFile() throws IOException {
        if (options.has("pidfile")) {
            Files.writeString(Path.of(options.value("pidfile").orElseThrow()), ProcessHandle.current().pid() + "\n");
        }
    }

    /** Nothing while it starts or stops. */
    private void reload() {
        running.ifPresent(WebServer::reload);
    }

    /** An exit by a signal that was obeyed in full is a success. */
    private void stopBySignal() {
        try {
            if (!life.tryLock(START_ENDS_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the server does not end its start, and is stopped in the middle of it");
                return;
            }
            if (failed) {
                return;
            }
            if (running.isPresent()) {
                running.get().stop();
            }
            if (options.has("pidfile")) {
                Files.deleteIfExists(Path.of(options.value("pidfile").orElseThrow()));
            }
            Runtime.getRuntime().halt(0);
        } catch (final IOException | InterruptedException e) {
            System.err.println("the server did not stop cleanly: " + reason(e));
        }
    }
}
