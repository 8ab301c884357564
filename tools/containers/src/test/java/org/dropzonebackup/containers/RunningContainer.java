package org.dropzonebackup.containers;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.dropzonebackup.web.RawConnection;

/** A container in a process of its own, from its start to its end by SIGTERM. */
final class RunningContainer implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("Server startup in|:INFO +:oejs.Server:main: Started ");
    private static final int LINES_KEPT = 200;
    private static final int ANSWER_MILLIS = 1000;
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final int port;
    private final Duration startUp;
    private final Deque<String> log = new ArrayDeque<>();

    /**
     * Starts it and waits until it says that it has started, the web application too.
     *
     * @throws IOException with its last words if it ends before
     */
    RunningContainer(final Installation installation, final Site site) throws IOException {
        this(installation, site, installation.lay(site));
    }

    /**
     * The same of one that has been laid out, and perhaps changed.
     *
     * @param builder starts it
     */
    RunningContainer(final Installation installation, final Site site, final ProcessBuilder builder) throws IOException {
        port = site.port();
        final long begun = System.nanoTime();
        process = builder.start();
        final BufferedReader out = process.inputReader();
        for (String line = remember(out.readLine()); !STARTED.matcher(line).find(); line = remember(out.readLine())) {
            if (!process.isAlive() && !out.ready()) {
                throw new IOException(installation + " did not start:\n" + log());
            }
        }
        startUp = Duration.ofNanos(System.nanoTime() - begun);
        // Whoever does not read on stops the container when the pipe is full
        final Thread reader = new Thread(() -> out.lines().forEach(this::remember), "log of " + installation);
        reader.setDaemon(true);
        reader.start();
    }

    private String remember(final String line) {
        synchronized (log) {
            log.add(line == null ? "(end)" : line);
            if (log.size() > LINES_KEPT) {
                log.remove();
            }
            return log.getLast();
        }
    }

    String log() {
        synchronized (log) {
            return String.join("\n", log);
        }
    }

    /** From the command to the line that says it has started. */
    Duration startUp() {
        return startUp;
    }

    int port() {
        return port;
    }

    URL root() {
        try {
            return URI.create("http://127.0.0.1:" + port + "/dropzone/").toURL();
        } catch (final MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether a new client is refused, or left without an answer. */
    boolean takesNothingNew() {
        try (Socket socket = new Socket(root().getHost(), port); RawConnection connection = new RawConnection(socket)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            connection.send("GET /dropzone/upload.xhtml HTTP/1.1\r\nHost: test\r\n\r\n");
            return connection.readFinal().status() >= 400;
        } catch (final IOException refused) {
            return true;
        }
    }

    void terminate() {
        // Not process.destroy(), which closes the streams too: what it says last is of interest
        process.toHandle().destroy();
    }

    /** Waits for the end. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("does not stop:\n" + log());
        }
        return process.exitValue();
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
