package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send requests without waiting for the answers keep nobody else waiting. */
class PipeliningIT {

    private static final String GET = "GET /upload HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final int MOST = 100;
    private static final int CLIENTS = 300;

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Test
    void connectionClosesAfterTheRequestThatIsOneOfMany() throws Exception {
        try (RawConnection client = server.connect()) {
            client.send(GET.repeat(MOST + 1));
            for (int i = 1; i < MOST; i++) {
                assertThat(client.read().headers()).as("answer " + i).doesNotContainEntry("connection", "close");
            }
            assertThat(client.read().headers()).containsEntry("connection", "close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void servesOthersWhileHundredsOfClientsSendWithoutReading() throws Exception {
        final List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(server.connect().send(GET.repeat(10 * MOST)));
            }
            try (RawConnection quick = server.connect()) {
                assertThat(quick.send("PUT /upload/quick HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: "
                        + ServerProcess.BOBS_PASSWORD + "\r\nContent-Length: 1\r\n\r\nx").readFinal().status()).isEqualTo(200);
            }
        } finally {
            for (final RawConnection client : clients) {
                client.close();
            }
        }
    }
}
