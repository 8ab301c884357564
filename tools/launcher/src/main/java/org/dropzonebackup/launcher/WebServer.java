package org.dropzonebackup.launcher;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Tomcat with the web application in it. Started and stopped once, by one thread at a time. */
final class WebServer {

    private static final String VIRTUAL_THREADS_SINCE = "21";

    private static final int FEWEST_CONNECTIONS = 100;
    private static final int MOST_CONNECTIONS = 20_000;
    /** Measured: what Tomcat's buffers take while an upload is under way, and what all else takes, a password hash included. */
    private static final long BYTES_OF_AN_UPLOAD = 40L << 10;
    private static final long BYTES_BESIDES_CONNECTIONS = 48L << 20;
    private static final String NOWHERE = System.getProperty("java.io.tmpdir");

    private final Tomcat tomcat = new Tomcat();
    private final UploadProtocol protocol = new UploadProtocol();
    private final StandardContext context;

    /**
     * @param address to listen on; none: on all
     * @param port to listen on; 0: on any that is free
     * @param maxHeaderSize bytes that the headers of a request may take together
     * @param grace how long uploads may finish when it stops
     * @param settings of the application
     */
    WebServer(final Optional<InetAddress> address, final int port, final int maxHeaderSize, final Duration grace,
            final Map<String, String> settings) {
        tomcat.setBaseDir(NOWHERE);
        tomcat.setConnector(connector(port, address, maxHeaderSize));
        final StandardHost host = (StandardHost) tomcat.getHost();
        host.setAutoDeploy(false);
        host.setErrorReportValveClass(ErrorAnswers.class.getName());
        context = context(grace, settings);
        host.addChild(context);
    }

    private StandardContext context(final Duration grace, final Map<String, String> settings) {
        final StandardContext context = new StandardContext();
        context.setName("");
        context.setPath("");
        context.setResources(new JarContents());
        // Nothing is written there; Tomcat wants to know one that exists
        context.setWorkDir(NOWHERE);
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
        final ContextConfig config = new ContextConfig() {
            @Override
            protected void fixDocBase() {
                // There is no directory
            }

            @Override
            protected synchronized void destroy() {
                // Would empty what it takes for the application's own directory
            }
        };
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

    private Connector connector(final int port, final Optional<InetAddress> address, final int maxHeaderSize) {
        final Connector connector = new UploadConnector(protocol);
        connector.setPort(port);
        connector.setThrowOnFailure(true);
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
        connector.setProperty("maxConnections", String.valueOf(connectionsThatFit(maxHeaderSize)));
        connector.setProperty("maxHttpRequestHeaderSize", String.valueOf(maxHeaderSize));
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
    private static long connectionsThatFit(final int maxHeaderSize) {
        final long free = Runtime.getRuntime().maxMemory() - BYTES_BESIDES_CONNECTIONS;
        return Math.max(FEWEST_CONNECTIONS, Math.min(MOST_CONNECTIONS, free / (BYTES_OF_AN_UPLOAD + maxHeaderSize)));
    }

    /**
     * Starts it. Where it fails nothing is left listening.
     *
     * @throws StartException if the web application does not start
     */
    void start() throws LifecycleException, StartException {
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            throw StartException.unusable("the web application does not start: the log says why");
        }
    }

    /** The port that it listens on. */
    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Has the application read the users file and open the audit log anew. */
    void reload() {
        if (context.getServletContext().getAttribute("org.dropzonebackup.reload") instanceof Runnable reload) {
            reload.run();
        }
    }

    /**
     * Lets uploads finish, for as long as the context's unload delay. The application ends before Tomcat does: a Tomcat that
     * stops closes the connection of a chunked upload at the last chunk.
     */
    void stop() throws LifecycleException {
        if (tomcat.getServer().getState().isAvailable()) {
            tomcat.getConnector().getProtocolHandler().closeServerSocketGraceful();
            context.stop();
            tomcat.stop();
        }
    }
}
