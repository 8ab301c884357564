package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A proxy in a process of its own, with a certificate that it made itself, on a port of 127.0.0.1 that the system chooses. */
final class RunningProxy implements AutoCloseable {

    private final Path home;
    private final int port;
    private final Process process;

    /**
     * Starts it and waits until it listens.
     *
     * @param home for all that it writes; made here
     * @param backEnd the server's port
     * @param changes what is not as shipped, besides addresses and paths
     */
    RunningProxy(final Proxy kind, final Path home, final int backEnd, final Map<String, String> changes) throws Exception {
        this.home = Files.createDirectory(home);
        certify();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = kind.start(home, port, backEnd, changes);
        boolean listens = false;
        try {
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                assertThat(process.isAlive()).as(Files.readString(home.resolve("output"))).isTrue();
                return accepts();
            });
            listens = true;
        } finally {
            if (!listens) {
                close();
            }
        }
    }

    private void certify() throws Exception {
        final Process made = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=backup.example.org",
                "-addext", "subjectAltName=DNS:backup.example.org,IP:127.0.0.1", "-keyout", "key.pem", "-out", "fullchain.pem")
                .directory(home.toFile()).redirectErrorStream(true).redirectOutput(home.resolve("openssl").toFile()).start();
        assertThat(made.waitFor()).as(Files.readString(home.resolve("openssl"))).isZero();
        Files.writeString(home.resolve("combined.pem"),
                Files.readString(certificate()) + Files.readString(home.resolve("key.pem")));
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (final IOException notYet) {
            return false;
        }
    }

    Path certificate() {
        return home.resolve("fullchain.pem");
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    /** Ends it, and waits. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
    }
}
