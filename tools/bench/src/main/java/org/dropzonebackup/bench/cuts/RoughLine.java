package org.dropzonebackup.bench.cuts;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A TCP proxy on 127.0.0.1 that breaks connections where a {@link Plan} says so, and counts what clients send. Little is
 * under way on it at any time, as on a real line: the buffers of its sockets are small. Safe for threads.
 */
public final class RoughLine implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RoughLine.class.getName());
    private static final int BUFFER = 16 << 10;
    private static final int WINDOW = 32 << 10;
    /** How long a client waits until its system tells it that the line is dead. */
    private static final int SILENCE_MILLIS = 300;

    private final ServerSocket entrance = new ServerSocket();
    private final IntSupplier servers;
    private final Plan plan;
    private final double nanosForByte;
    private final Runnable crash;
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    /**
     * Begins to take connections.
     *
     * @param servers the port that the next connection goes to
     * @param plan when it breaks
     * @param rate bytes a second from clients to servers
     * @param crash has the server fail, and come back
     */
    public RoughLine(final IntSupplier servers, final Plan plan, final long rate, final Runnable crash) throws IOException {
        this.servers = servers;
        this.plan = plan;
        this.nanosForByte = 1e9 / rate;
        this.crash = crash;
        entrance.setReceiveBufferSize(WINDOW);
        entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::takeConnections);
    }

    /** Where clients find it. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + entrance.getLocalPort() + "/");
    }

    private static void start(final Runnable work) {
        final Thread thread = new Thread(work, "rough-line");
        thread.setDaemon(true);
        thread.start();
    }

    private void takeConnections() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (final IOException e) {
                LOG.log(Level.DEBUG, "the line is closed", e);
            }
        }
    }

    private void connect(final Socket client) throws IOException {
        final Socket server = new Socket();
        final Connection connection = new Connection(client, server);
        connections.add(connection);
        try {
            server.setSendBufferSize(WINDOW);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), servers.getAsInt()));
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "the server is down", e);
            connection.reset();
            return;
        }
        start(() -> connection.carry(client, server, this::slowly));
        start(() -> connection.carry(server, client, plan::answered));
    }

    private Plan.Passage slowly(final int bytes) {
        LockSupport.parkNanos((long) (bytes * nanosForByte));
        return plan.sent(bytes);
    }

    /** Tells how many of some bytes still come through, if the connection breaks then. */
    private interface Fate {
        Plan.Passage of(int bytes);
    }

    private final class Connection {
        private final Socket client;
        private final Socket server;
        private final AtomicInteger directions = new AtomicInteger(2);
        private volatile boolean dead;

        Connection(final Socket client, final Socket server) {
            this.client = client;
            this.server = server;
        }

        /** Until the one end has nothing more to say, or it breaks. */
        void carry(final Socket from, final Socket to, final Fate fate) {
            try {
                final Optional<Plan.Kind> broken = pass(from, to, fate);
                if (broken.isPresent()) {
                    end(broken.get(), from, to);
                } else {
                    to.shutdownOutput();
                }
            } catch (final IOException e) {
                LOG.log(Level.DEBUG, "an end of a connection is gone", e);
                reset();
            }
            if (directions.decrementAndGet() == 0 && !dead) {
                close(client);
                close(server);
            }
        }

        private Optional<Plan.Kind> pass(final Socket from, final Socket to, final Fate fate) throws IOException {
            final InputStream in = from.getInputStream();
            final byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                final Plan.Passage passage = fate.of(count);
                if (!dead) {
                    to.getOutputStream().write(buffer, 0, passage.bytes());
                }
                if (passage.end().isPresent()) {
                    return passage.end();
                }
            }
            return Optional.empty();
        }

        private void end(final Plan.Kind kind, final Socket from, final Socket to) throws IOException {
            switch (kind) {
                case RESET -> reset();
                case STALL -> {
                    dead = true;
                    timer.schedule(() -> reset(client), SILENCE_MILLIS, TimeUnit.MILLISECONDS);
                }
                // What the one end says further goes nowhere, and it is not read either
                case HALF_CLOSE -> to.shutdownOutput();
                case CRASH -> {
                    crash.run();
                    reset();
                }
            }
        }

        void reset() {
            reset(client);
            reset(server);
        }

        /** What is under way is lost. */
        private void reset(final Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (final IOException e) {
                LOG.log(Level.DEBUG, "closed already", e);
            }
            close(socket);
        }

        private void close(final Socket socket) {
            try {
                socket.close();
            } catch (final IOException e) {
                LOG.log(Level.DEBUG, "closed already", e);
            }
        }
    }

    /** Resets what is still open. */
    @Override
    public void close() throws IOException {
        entrance.close();
        timer.shutdownNow();
        connections.forEach(Connection::reset);
    }
}
