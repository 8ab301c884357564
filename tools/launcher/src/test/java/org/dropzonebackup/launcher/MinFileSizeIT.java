package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The setting {@code min-file-size}, and the users who have one of their own. */
class MinFileSizeIT {

    @Test
    void holdsForAllWhoHaveNoneOfTheirOwn(@TempDir final Path directory) throws Exception {
        final ServerProcess server = ServerProcess.start(directory, "--min-file-size", "5", "--anonymous-dir", "anonymous",
                "--anonymous-challenge", "off");
        try {
            final String bob = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";
            assertThat(send(server, bob, "four")).isEqualTo(422);
            assertThat(send(server, "", "four")).isEqualTo(422);
            assertThat(send(server, "", "fives")).isEqualTo(200);
            assertThat(send(server, bob, "fives")).isEqualTo(200);

            Files.writeString(server.usersFile(), "bob.min-file-size = 4\n", StandardOpenOption.APPEND);
            Files.delete(server.directoryOf("bob").resolve("a.txt"));
            await().until(() -> send(server, bob, "four") == 200);
            Files.delete(server.directoryOf("bob").resolve("a.txt"));
            assertThat(send(server, bob, "few")).isEqualTo(422);
        } finally {
            server.stop();
        }
    }

    private static int send(final ServerProcess server, final String credentials, final String content) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send("PUT /upload/a.txt HTTP/1.1\r\nHost: x\r\n" + credentials + "Content-Length: " + content.length()
                    + "\r\n\r\n" + content).readFinal().status();
        }
    }
}
