package org.dropzonebackup.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that takes uploads.
 *
 * @param process it, perhaps with others that it started
 * @param port on 127.0.0.1
 */
record Running(ProcessHandle process, int port) implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    /** Starts one that says its port in its first line. */
    static Running thatSaysItsPort(final Path directory, final String... command) throws IOException {
        final Process process = start(directory, command);
        final BufferedReader out = process.inputReader();
        final String line = out.readLine();
        if (line == null) {
            throw new IOException(command[0] + " did not start: " + Files.readString(directory.resolve("log")));
        }
        return new Running(process.toHandle(), Integer.parseInt(line.strip()));
    }

    /** Starts one that was told its port, and waits until it answers. */
    static Running on(final int port, final Path directory, final String... command) throws IOException {
        final Process process = start(directory, command);
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroyForcibly();
                throw new IOException(command[0] + " did not start: " + Files.readString(directory.resolve("log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return new Running(process.toHandle(), port);
    }

    private static Process start(final Path directory, final String... command) throws IOException {
        return new ProcessBuilder(command).directory(directory.toFile())
                .redirectError(directory.resolve("log").toFile()).start();
    }

    /** Whether it says anything: Jetty listens long before it can. */
    private static boolean answers(final int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (final IOException notYet) {
            return false;
        }
    }

    /** One that nobody listens on just now, for servers that cannot let the system choose. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** SIGTERM; SIGKILL for what does not obey. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException | TimeoutException e) {
            throw new IOException("a server does not stop", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
