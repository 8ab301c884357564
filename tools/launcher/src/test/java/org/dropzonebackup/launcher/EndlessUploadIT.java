package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that always sends faster than the server reads keeps its thread, and nobody else's timeout, nor the end. */
@Timeout(60)
class EndlessUploadIT {

    private static final String PASSWORD = "Password: " + ServerProcess.BOBS_PASSWORD;
    /** Of the smallest chunks: much to do, and little to store. */
    private static final byte[] CHUNKS = "1\r\nx\r\n".repeat(50_000).getBytes(StandardCharsets.ISO_8859_1);
    /** So that at any time one of them has sent enough, whatever else the machine is at. */
    private static final int UPLOADS = 3;
    private static final int BUSY = 4;

    @TempDir
    private Path directory;
    private ServerProcess server;
    private final List<Socket> endless = new ArrayList<>();
    private final List<Thread> senders = new ArrayList<>();

    @BeforeEach
    void startServerAndUpload() throws Exception {
        server = ServerProcess.start(directory, "--idle-timeout", "1 s", "--refusal-drain", "1 s", "--shutdown-grace", "1 s");
        final CountDownLatch busy = new CountDownLatch(UPLOADS * BUSY);
        for (int i = 0; i < UPLOADS; i++) {
            final Socket socket = new Socket("127.0.0.1", server.port());
            endless.add(socket);
            final String head = head("endless" + i, PASSWORD, "Transfer-Encoding: chunked");
            final Thread sender = new Thread(() -> send(socket, head, busy), "endless");
            senders.add(sender);
            sender.start();
        }
        busy.await();
    }

    private static void send(final Socket socket, final String head, final CountDownLatch busy) {
        try {
            final OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            while (true) {
                out.write(CHUNKS);
                busy.countDown();
            }
        } catch (final IOException ended) {
            // By the server, or by the test
        }
    }

    @AfterEach
    void end() throws Exception {
        for (final Socket socket : endless) {
            socket.close();
        }
        server.stop();
        for (final Thread sender : senders) {
            sender.join();
        }
    }

    @Test
    void delaysNoTimeoutOfAnother() throws IOException {
        try (RawConnection silent = server.connect(); RawConnection slow = server.connect()) {
            silent.send(head("silent", PASSWORD, "Content-Length: 10") + "begun");
            slow.send(head("slow", PASSWORD, "Transfer-Encoding: chunked") + "5\r\nbegun\r\n");
            final RawConnection.Answer answer = silent.readFinal();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("within 1 s", "raise the server's setting idle-timeout, for example to 10 s");
            assertThat(slow.readFinal().status()).isEqualTo(408);
        }
        assertThat(senders).as("they are still sending").allMatch(Thread::isAlive);
    }

    @Test
    void delaysNotTheEndOfARefusal() throws IOException {
        try (RawConnection refused = server.connect()) {
            refused.send(head("refused", "Password: wrong", "Content-Length: 10") + "begun");
            assertThat(refused.readFinal().status()).isEqualTo(403);
            assertThat(refused.isAtEnd()).isTrue();
        }
        assertThat(senders).as("they are still sending").allMatch(Thread::isAlive);
    }

    @Test
    void isGivenUpWhenTheServerStops() throws Exception {
        assertThat(server.stop()).isZero();

        assertThat(server.log()).isEmpty();
        try (Stream<Path> left = Files.list(server.directoryOf("bob"))) {
            assertThat(left).isEmpty();
        }
    }

    private static String head(final String name, final String password, final String body) {
        return "PUT /upload/" + name + " HTTP/1.1\r\nHost: x\r\nUsername: bob\r\n" + password + "\r\n" + body + "\r\n\r\n";
    }
}
