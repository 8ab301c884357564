package org.dropzonebackup.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.config.Settings;

/** The server: {@code java -jar dropzone-server.jar --upload-base-dir DIR [options]}. */
public final class DropzoneServer {

    private static final String VIRTUAL_THREADS_SINCE = "21";

    private static final int FEWEST_CONNECTIONS = 100;
    private static final int MOST_CONNECTIONS = 20_000;
    /** Measured: what Tomcat's buffers take while an upload is under way, and what all else takes, a password hash included. */
    private static final long BYTES_OF_AN_UPLOAD = 48L << 10;
    private static final long BYTES_BESIDES_CONNECTIONS = 48L << 20;

    private final ServerOptions options;
    private final Tomcat tomcat = new Tomcat();
    private final UploadProtocol protocol = new UploadProtocol();
    private Path work;

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
                HelpFormatter.builder().setShowSince(false).get().printHelp(ServerOptions.SYNTAX, "", ServerOptions.options(), "", false);
            } else if (options.has("version")) {
                System.out.println("dropzone-server " + DropzoneServer.class.getPackage().getImplementationVersion());
            } else {
                new DropzoneServer(options).run();
            }
        } catch (final StartException e) {
            System.err.println(e.getMessage());
            System.exit(e.exitStatus());
        } catch (final IOException | LifecycleException e) {
            System.err.println("The server cannot start: " + e);
            System.exit(1);
        }
    }

    private void run() throws StartException, IOException, LifecycleException {
        configureLog();
        final int port = options.port();
        final Duration grace = options.shutdownGrace();
        final Optional<String> password = setUpFirstUser();
        final Settings checked = options.check();
        warnOfNarrowFileNames();
        final Map<String, String> settings = options.settings();
        settings.put(Setting.USERS_FILE.key(), checked.access().usersFile().toString());
        work = Files.createTempDirectory("dropzone");
        final Thread hook = new Thread(this::stopBySignal, "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start(port, grace, settings);
            writePidFile();
        } catch (final StartException | IOException | LifecycleException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            stop();
            throw e;
        }
        password.ifPresent(secret -> System.out.println("Password of user " + options.value("first-user").orElseThrow()
                + ": " + secret + " (shown only now)"));
        System.out.println("Dropzone Backup accepts uploads at " + url() + "/upload");
    }

    private Optional<String> setUpFirstUser() throws StartException {
        if (!options.has("first-user")) {
            return Optional.empty();
        }
        final Path base = options.path(Setting.UPLOAD_BASE_DIR)
                .orElseThrow(() -> StartException.usage("--first-user needs --upload-base-dir"));
        final Path users = options.path(Setting.USERS_FILE)
                .orElseThrow(() -> StartException.usage("--first-user needs --users-file"));
        final Optional<String> password = FirstUser.setUp(options.value("first-user").orElseThrow(), users, base);
        if (password.isEmpty()) {
            System.err.println("--first-user: the users file exists already and is left alone");
        }
        return password;
    }

    /** To standard error, unless whoever starts this Java says otherwise by its own means. */
    private void configureLog() throws IOException {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        final boolean debug = options.has("debug");
        final String configuration = String.join("\n",
                "handlers = java.util.logging.ConsoleHandler",
                "java.util.logging.ConsoleHandler.level = ALL",
                "java.util.logging.SimpleFormatter.format = %1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n",
                ".level = " + (debug || options.has("verbose") ? Level.INFO : Level.WARNING),
                debug ? "org.dropzonebackup.level = FINE" : "");
        LogManager.getLogManager().readConfiguration(
                new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
    }

    /** In the C locale Java can create no file whose name is not ASCII. */
    private static void warnOfNarrowFileNames() {
        final String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (!encoding.equals("UTF-8") && !System.getProperty("os.name").startsWith("Windows")) {
            System.err.println("File names are limited to " + encoding + ": set LC_ALL=C.UTF-8 before starting the server");
        }
    }

    private void start(final int port, final Duration grace, final Map<String, String> settings)
            throws IOException, LifecycleException, StartException {
        unpackWar();
        tomcat.setBaseDir(work.toString());
        final Connector connector = connector(port);
        tomcat.setConnector(connector);
        final StandardHost host = (StandardHost) tomcat.getHost();
        host.setAutoDeploy(false);
        host.setErrorReportValveClass(ErrorAnswers.class.getName());
        final StandardContext context = context(grace, settings);
        host.addChild(context);
        try {
            tomcat.start();
        } catch (final LifecycleException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw StartException.unusable("Cannot listen on port " + port + ": " + cause.getMessage());
                }
            }
            throw e;
        }
        if (context.getState() != LifecycleState.STARTED) {
            throw StartException.unusable("the web application does not start: the log says why");
        }
    }

    private StandardContext context(final Duration grace, final Map<String, String> settings) {
        final StandardContext context = new StandardContext();
        context.setName("");
        context.setPath("");
        context.setDocBase(work.resolve("dropzone").toString());
        context.setUnloadDelay(grace.toMillis());
        // When the application stops the process ends: nothing can leak
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        final StandardJarScanner scanner = new StandardJarScanner();
        scanner.setScanManifest(false);
        scanner.setScanClassPath(false);
        // No class of a library has to be looked at for Faces to start; all of them would take a third of a second
        scanner.setJarScanFilter((type, jar) -> false);
        context.setJarScanner(scanner);
        final ContextConfig config = new ContextConfig();
        config.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        context.addLifecycleListener(config);
        Tomcat.addDefaultMimeTypeMappings(context);
        context.addServletContainerInitializer((classes, application) -> {
            application.setAttribute("org.dropzonebackup.options", settings);
            // The one thing of Tomcat's default web.xml that is needed: the page and what belongs to it
            application.addServlet("default", new DefaultServlet()).addMapping("/");
        }, null);
        context.getPipeline().addValve(new UploadValve(protocol));
        return context;
    }

    private Connector connector(final int port) throws StartException {
        final Connector connector = new UploadConnector(protocol);
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        final Optional<InetAddress> address = options.listen();
        address.ifPresent(chosen -> connector.setProperty("address", chosen.getHostAddress()));
        // The application reads the name out of the path as it was sent
        connector.setEncodedSolidusHandling("passthrough");
        connector.setEncodedReverseSolidusHandling("passthrough");
        // Refused by the application, as any other method that it does not know
        connector.setAllowTrace(true);
        connector.setProperty("bindOnInit", "false");
        connector.setProperty("continueResponseTiming", "onRead");
        // The application reads what it refuses by itself, for a bounded time and without holding a thread
        connector.setProperty("maxSwallowSize", "0");
        connector.setProperty("connectionTimeout", "120000");
        connector.setProperty("keepAliveTimeout", "30000");
        connector.setProperty("maxConnections", String.valueOf(connectionsThatFit()));
        // Who finds no room here tries again after a second, then three, then seven
        connector.setProperty("acceptCount", "4096");
        // curl sends these as they are
        connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
        if (Runtime.version().compareTo(Runtime.Version.parse(VIRTUAL_THREADS_SINCE)) >= 0) {
            connector.setProperty("useVirtualThreads", "true");
        }
        return connector;
    }

    /** More than these wait to be accepted, until others end: better than to run out of memory in the middle of uploads. */
    private static long connectionsThatFit() {
        final long free = Runtime.getRuntime().maxMemory() - BYTES_BESIDES_CONNECTIONS;
        return Math.max(FEWEST_CONNECTIONS, Math.min(MOST_CONNECTIONS, free / BYTES_OF_AN_UPLOAD));
    }

    private void unpackWar() throws IOException {
        final Path target = Files.createDirectory(work.resolve("dropzone"));
        try (InputStream war = DropzoneServer.class.getResourceAsStream("/dropzone.war");
                ZipInputStream entries = new ZipInputStream(war)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                final Path file = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file);
                }
            }
        }
    }

    private String url() throws StartException {
        final String host = options.listen().filter(address -> !address.isAnyLocalAddress())
                .map(address -> options.value("listen").orElseThrow()).orElse("127.0.0.1");
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + tomcat.getConnector().getLocalPort();
    }

    private void writePidFile() throws IOException {
        if (options.has("pidfile")) {
            Files.writeString(Path.of(options.value("pidfile").orElseThrow()), ProcessHandle.current().pid() + "\n");
        }
    }

    /** An exit by a signal that was obeyed in full is a success. */
    private void stopBySignal() {
        try {
            stop();
            Runtime.getRuntime().halt(0);
        } catch (final LifecycleException | IOException | UncheckedIOException e) {
            System.err.println("the server did not stop cleanly: " + e);
        }
    }

    /**
     * Lets uploads finish, for as long as the context's unload delay. The application ends before Tomcat does: a Tomcat that
     * stops closes the connection of a chunked upload at the last chunk.
     */
    private void stop() throws LifecycleException, IOException {
        if (tomcat.getServer().getState().isAvailable()) {
            tomcat.getConnector().getProtocolHandler().closeServerSocketGraceful();
            tomcat.getHost().findChild("").stop();
            tomcat.stop();
        }
        if (options.has("pidfile")) {
            Files.deleteIfExists(Path.of(options.value("pidfile").orElseThrow()));
        }
        deleteWork();
    }

    private void deleteWork() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
