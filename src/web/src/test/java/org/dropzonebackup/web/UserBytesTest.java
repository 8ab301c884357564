package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserBytesTest {

    private final SettableClock clock = new SettableClock();
    private Duration counting = Duration.ZERO;
    private LiveUsers users;
    private UserBytes bytes;

    @TempDir
    private Path base;

    @BeforeEach
    void storeFiles() throws IOException {
        Files.writeString(base.resolve("users"), "alice.quota = 1 GiB\ncarol.directory = nowhere\ncarol.quota = 1\n");
        Files.createDirectories(base.resolve("alice/below"));
        Files.writeString(base.resolve("alice/a"), "12345");
        users = new LiveUsers(base.resolve("users"), clock);
        bytes = new UserBytes(new LocalStore(base, ".~tmp", false, false, Runnable::run), users, this::nanoTime);
    }

    /** Each look at the clock takes a while. */
    private long nanoTime() {
        clock.pass(counting);
        return clock.nanoTime();
    }

    private OptionalLong of(final String name) throws UsersUnavailableException {
        final User user = users.find(UserName.parse(name).orElseThrow()).orElseThrow();
        return bytes.of(user);
    }

    @Test
    void countsWhatIsThere() throws Exception {
        assertThat(of("alice")).isEmpty();

        bytes.run();

        assertThat(of("alice")).hasValue(5);
        assertThat(of("carol")).hasValue(0);
    }

    @Test
    void countsInNoMoreThanAFiftiethOfTheTime() throws Exception {
        bytes.run();
        counting = Duration.ofMinutes(1);
        bytes.run();
        counting = Duration.ZERO;
        Files.writeString(base.resolve("alice/below/b"), "123");

        clock.pass(Duration.ofMinutes(49));
        bytes.run();
        assertThat(of("alice")).hasValue(5);
        clock.pass(Duration.ofMinutes(2));
        bytes.run();
        assertThat(of("alice")).hasValue(8);
    }
}
