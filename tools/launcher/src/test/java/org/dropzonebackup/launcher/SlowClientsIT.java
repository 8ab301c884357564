package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More slow clients than the server has threads keep nobody else waiting. */
class SlowClientsIT {

    private static final int CLIENTS = 500;

    @TempDir
    private Path directory;

    @Test
    void servesOthersWhileHundredsOfUploadsAreUnderWay() throws Exception {
        final ServerProcess server = ServerProcess.start(directory);
        final List<RawConnection> slow = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                slow.add(server.connect().send(put("slow-" + i, 2) + "1"));
            }
            final Instant deadline = Instant.now().plusSeconds(30);
            while (stored(server) < CLIENTS) {
                assertThat(Instant.now()).isBefore(deadline);
            }
            try (RawConnection quick = server.connect()) {
                assertThat(quick.send(put("quick", 1) + "x").readFinal().status()).isEqualTo(200);
            }
            for (final RawConnection connection : slow) {
                assertThat(connection.send("2").readFinal().status()).isEqualTo(200);
            }
            assertThat(stored(server)).isEqualTo(CLIENTS + 1);
            assertThat(server.directoryOf("bob").resolve("slow-" + (CLIENTS - 1))).hasContent("12");
        } finally {
            for (final RawConnection connection : slow) {
                connection.close();
            }
            server.stop();
        }
    }

    private static long stored(final ServerProcess server) throws IOException {
        try (Stream<Path> files = Files.list(server.directoryOf("bob"))) {
            return files.count();
        }
    }

    private static String put(final String name, final int length) {
        return "PUT /upload/" + name + " HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: "
                + ServerProcess.BOBS_PASSWORD + "\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
