package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose bytes come faster than they are taken gets larger buffers, and the next request on its connection small ones again. */
class FastUploadsIT {

    private static final List<Integer> SIZES = List.of(3_000_000, 10, 100_000, 2_500_000, 0, 7_000, 200_000, 1_000_000, 1);

    private final Random random = new Random(42);
    @TempDir
    private Path directory;

    @Test
    void findsTheNextRequestBehindAFastUpload() throws Exception {
        final ServerProcess server = ServerProcess.start(directory);
        final StringBuilder requests = new StringBuilder();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < SIZES.size(); i++) {
                requests.append(put(name(round, i), content(round, i), (round + i) % 2 == 0));
            }
        }
        try (RawConnection connection = server.connect()) {
            connection.send(requests.toString());
            for (int i = 0; i < 3 * SIZES.size(); i++) {
                assertThat(connection.readFinal().status()).as("answer %d", i).isEqualTo(200);
            }
        } finally {
            server.stop();
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < SIZES.size(); i++) {
                assertThat(server.directoryOf("bob").resolve(name(round, i)))
                        .hasBinaryContent(content(round, i).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static String name(final int round, final int i) {
        return "file-" + round + "-" + i;
    }

    /** The same each time. */
    private String content(final int round, final int i) {
        random.setSeed(100L * round + i);
        final byte[] content = new byte[SIZES.get(i)];
        random.nextBytes(content);
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static String put(final String name, final String content, final boolean chunked) {
        final String head = "PUT /upload/" + name + " HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: "
                + ServerProcess.BOBS_PASSWORD + "\r\n";
        return chunked
                ? head + "Transfer-Encoding: chunked\r\n\r\n" + (content.isEmpty() ? ""
                        : Integer.toHexString(content.length()) + "\r\n" + content + "\r\n") + "0\r\n\r\n"
                : head + "Content-Length: " + content.length() + "\r\n\r\n" + content;
    }
}
