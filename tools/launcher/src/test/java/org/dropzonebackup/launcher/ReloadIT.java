package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server jar is told to read its files anew, as {@code systemctl reload} does. */
class ReloadIT {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    @Test
    void readsTheUsersFileAndOpensTheAuditLogAnew() throws Exception {
        final Path audit = directory.resolve("audit.json");
        final ServerProcess server = ServerProcess.start(directory, "--verbose", "--audit-log", audit.toString());
        try (RawConnection kept = server.connect()) {
            // Looks as it did: by itself the server finds no reason to read it
            rewrite(server.usersFile(), "one-pa55word");
            hangUp(server);
            await().until(() -> timesRead(server) == 1);
            assertThat(status(kept, "one-pa55word")).isEqualTo(200);
            rewrite(server.usersFile(), "two-pa55word");
            hangUp(server);
            await().until(() -> timesRead(server) == 2);
            assertThat(status(kept, "two-pa55word")).isEqualTo(200);

            final int lines = Files.readAllLines(audit).size();
            assertThat(isOpenIn(server, audit)).isTrue();
            hangUp(server);
            await().until(() -> !isOpenIn(server, audit));
            assertThat(status(kept, "two-pa55word")).isEqualTo(200);
            assertThat(Files.readAllLines(audit)).hasSize(lines + 1);
        } finally {
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void saysWhatIsWrongWithAFileThatCannotBeReadAndGoesOnWithTheOldOne() throws Exception {
        final ServerProcess server = ServerProcess.start(directory);
        try (RawConnection kept = server.connect()) {
            assertThat(status(kept, ServerProcess.BOBS_PASSWORD)).isEqualTo(200);
            Files.delete(server.usersFile());
            hangUp(server);
            await().until(() -> server.log().contains("cannot be read, the last good version stays in force"));
            assertThat(status(kept, ServerProcess.BOBS_PASSWORD)).isEqualTo(200);
        } finally {
            assertThat(server.stop()).isZero();
        }
    }

    private static long timesRead(final ServerProcess server) throws IOException {
        return server.log().lines().filter(line -> line.contains("was read anew: 1 users")).count();
    }

    private static void hangUp(final ServerProcess server) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-HUP", String.valueOf(server.pid())).inheritIO().start().waitFor()).isZero();
    }

    private static boolean isOpenIn(final ServerProcess server, final Path file) throws IOException {
        try (var open = Files.list(Path.of("/proc", String.valueOf(server.pid()), "fd"))) {
            return open.anyMatch(link -> file.equals(targetOf(link)));
        }
    }

    private static Path targetOf(final Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (final IOException closedMeanwhile) {
            return link;
        }
    }

    private static void rewrite(final Path users, final String bobsPassword) throws IOException {
        Files.writeString(users, "bob.password = " + PasswordHash.of(bobsPassword).text() + "\n");
        Files.setLastModifiedTime(users, LONG_AGO);
    }

    private static int status(final RawConnection kept, final String password) throws IOException {
        return kept.send("POST /upload HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: " + password
                + "\r\nContent-Length: 1\r\n\r\nx").readFinal().status();
    }
}
