package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {

    private static final UserName ALICE = new UserName("alice");
    private static final UserName BOB = new UserName("bob");

    @Test
    void readsAnEntryWithItsDefaults() throws IOException {
        final User alice = UsersFile.parse("# comment\nAlice.quota = 2 GiB\n").users().get(ALICE);

        assertThat(alice.directory()).isEqualTo("alice");
        assertThat(alice.quota()).isEqualTo(OptionalLong.of(2L << 30));
        assertThat(alice.mayWrite()).isTrue();
        assertThat(alice.enabled()).isTrue();
        assertThat(alice.passwordHash()).isEmpty();
    }

    @Test
    void aWrongEntryCostsOnlyItsUser() throws IOException {
        final UsersFile file = UsersFile.parse("alice.quotta = 1\nbob.directory = b\ncarl.directory = ../x\nnonsense = 1\n");

        assertThat(file.users()).containsOnlyKeys(BOB);
        assertThat(file.problems()).hasSize(3);
    }

    @Test
    void keepsTheLastGoodVersionAndSeesTheNextOne(@TempDir final Path directory) throws IOException {
        final Path path = directory.resolve("users.properties");
        Files.writeString(path, "alice.directory = a\n");
        final Instant[] now = {Instant.now()};
        final LiveUsers users = new LiveUsers(path, clock(now));
        assertThat(users.find(ALICE)).isPresent();

        Files.write(path, new byte[] {(byte) 0xFF});
        now[0] = now[0].plus(Duration.ofSeconds(2));
        assertThat(users.find(ALICE)).isPresent();

        Files.writeString(path, "bob.directory = b\n");
        now[0] = now[0].plus(Duration.ofSeconds(2));
        assertThat(users.find(ALICE)).isEmpty();
        assertThat(users.find(BOB)).isPresent();
    }

    private static Clock clock(final Instant[] now) {
        return new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(final java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0];
            }
        };
    }
}
