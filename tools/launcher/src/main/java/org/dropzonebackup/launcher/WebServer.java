package org.dropzonebackup.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dropzonebackup.core.config.Settings;
import org.eclipse.jetty.ee11.servlet.DefaultServlet;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.webapp.Configuration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.ee11.webapp.WebXmlConfiguration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty with the web application in it. Started and stopped once, by one thread at a time. */
final class WebServer {

    private static final System.Logger LOG = System.getLogger(WebServer.class.getName());
    /** How long a connection may be silent between two requests. */
    private static final Duration IDLE = Duration.ofMinutes(2);
    private static final int FEWEST_CONNECTIONS = 100;
    private static final int MOST_CONNECTIONS = 20_000;
    private static final int MOST_REQUESTS_OF_A_CONNECTION = 100;
    /** An upload under way: measured were 11 KiB of heap and, while there are bytes to move, a buffer of 8 KiB. */
    private static final long BYTES_OF_AN_UPLOAD = 40L << 10;
    /** All else, a password hash included. */
    private static final long BYTES_BESIDES_CONNECTIONS = 48L << 20;

    private final Server server = new Server(threads(), null, new ArrayByteBufferPool(0, -1, LargeReads.LARGE));
    private final ServerConnector connector;
    private final GracefulHandler graceful = new GracefulHandler();
    private final WebAppContext context = new WebAppContext();
    private final Duration grace;

    /**
     * @param address to listen on; none: on all
     * @param port to listen on; 0: on any that is free
     * @param maxHeaderSize bytes that the headers of a request may take together
     * @param grace how long uploads may finish when it stops
     * @param settings of the application
     * @param read the same, as the application reads them
     */
    WebServer(final Optional<InetAddress> address, final int port, final int maxHeaderSize, final Duration grace,
            final Map<String, String> settings, final Settings read) {
        this.grace = grace;
        final ErrorAnswers errors = new ErrorAnswers(maxHeaderSize, read.access().corsOrigins());
        connector = new ServerConnector(server, new HttpConnectionFactory(http(maxHeaderSize, read.limits().idleTimeout(), errors)));
        address.ifPresent(chosen -> connector.setHost(chosen.getHostAddress()));
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        // Who finds no room here tries again after a second, then three, then seven
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(connectionsThatFit(maxHeaderSize), connector));
        server.setErrorHandler(errors);
        configure(settings);
        graceful.setHandler(new LargeReads(context));
        server.setHandler(graceful);
    }

    private static QueuedThreadPool threads() {
        final QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        return threads;
    }

    private static HttpConfiguration http(final int maxHeaderSize, final Duration silence,
            final HttpConfiguration.Customizer checks) {
        final HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(maxHeaderSize);
        // The application finds out who is silent during an upload, and says so
        http.setIdleTimeout(silence.plus(IDLE).toMillis());
        // The application reads the name out of the path as it was sent, and refuses what is ambiguous in it
        http.setUriCompliance(UriCompliance.UNSAFE.without("readable", Violation.BAD_PERCENT_ENCODING, Violation.BAD_UTF8_ENCODING,
                Violation.TRUNCATED_UTF8_ENCODING, Violation.UTF16_ENCODINGS, Violation.FRAGMENT, Violation.USER_INFO));
        http.addCustomizer(checks);
        http.addCustomizer(WebServer::closeWhenMany);
        return http;
    }

    /** A connection keeps its thread while requests are pipelined, and a client may send them without end. */
    private static Request closeWhenMany(final Request request, final HttpFields.Mutable responseHeaders) {
        if (request.getConnectionMetaData().getConnection().getMessagesIn() >= MOST_REQUESTS_OF_A_CONNECTION) {
            responseHeaders.put(HttpHeader.CONNECTION, "close");
        }
        return request;
    }

    /** The pages and descriptors are read out of the jar, in which they lie below {@code /webapp}; nothing is unpacked. */
    private void configure(final Map<String, String> settings) {
        context.setContextPath("/");
        context.setBaseResource(ResourceFactory.of(context).newResource(WebServer.class.getResource("/webapp/")));
        context.setClassLoader(WebServer.class.getClassLoader());
        // No class has to be looked at, and nothing unpacked
        context.setConfigurations(new Configuration[] {new WebXmlConfiguration()});
        context.setDefaultsDescriptor(null);
        context.setThrowUnavailableOnStartupException(true);
        context.setAttribute("org.dropzonebackup.options", settings);
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        final ServletHolder pages = new ServletHolder("default", DefaultServlet.class);
        pages.setInitParameter("dirAllowed", "false");
        pages.setInitParameter("etags", "true");
        context.addServlet(pages, "/");
    }

    /** More than these wait to be accepted, until others end: better than to run out of memory in the middle of uploads. */
    private static int connectionsThatFit(final int maxHeaderSize) {
        final long free = Runtime.getRuntime().maxMemory() - BYTES_BESIDES_CONNECTIONS;
        return (int) Math.max(FEWEST_CONNECTIONS, Math.min(MOST_CONNECTIONS, free / (BYTES_OF_AN_UPLOAD + maxHeaderSize)));
    }

    /**
     * Starts it. Where it fails nothing is left listening.
     *
     * @throws StartException if the web application does not start
     */
    void start() throws StartException {
        try {
            server.start();
        } catch (final IOException e) {
            throw StartException.unusable("Cannot listen: " + e.getMessage());
        } catch (final Exception e) {
            throw StartException.unusable("the web application does not start: " + e);
        }
    }

    /** The port that it listens on. */
    int port() {
        return connector.getLocalPort();
    }

    /** Has the application read the users file and open the audit log anew. */
    void reload() {
        if (context.getServletContext().getAttribute("org.dropzonebackup.reload") instanceof Runnable reload) {
            reload.run();
        }
    }

    /** Takes no new connections and requests, lets uploads finish for as long as the grace, gives up the others, and ends. */
    void stop() throws InterruptedException, IOException {
        connector.close();
        try {
            graceful.shutdown().get(grace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final TimeoutException | ExecutionException e) {
            LOG.log(Level.DEBUG, "uploads outlast the grace: the application gives them up", e);
        }
        try {
            context.stop();
            server.stop();
        } catch (final Exception e) {
            throw new IOException(e);
        }
    }
}
