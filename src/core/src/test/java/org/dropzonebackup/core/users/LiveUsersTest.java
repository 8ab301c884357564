package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.core.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A users file whose device hangs. A pipe stands for it that nobody writes to: whoever reads it waits. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveUsersTest {

    private static final UserName ALICE = new UserName("alice");
    private static final UserName BOB = new UserName("bob");

    private final SettableClock clock = new SettableClock();
    private Path file;
    private LiveUsers users;

    @BeforeEach
    void makeUsers(@TempDir final Path directory) {
        Prerequisite.programs("mkfifo");
        file = directory.resolve("users");
        users = new LiveUsers(file, clock);
    }

    @Test
    void keepsNobodyButOneReaderWaiting() throws Exception {
        Files.writeString(file, "alice.directory = a\n");
        assertThat(users.find(ALICE)).isPresent();
        Files.delete(file);
        clock.pass(Duration.ofSeconds(2));
        final CompletableFuture<Optional<User>> waiting = waitForBob();

        clock.pass(Duration.ofSeconds(2));
        assertThat(users.find(ALICE)).isPresent();
        assertThat(users.findNow(ALICE)).isPresent();
        assertThat(waiting).isNotDone();

        Files.writeString(file, "bob.directory = b\n");
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void saysSoIfItHasNeverBeenRead() throws Exception {
        final CompletableFuture<Optional<User>> waiting = waitForBob();
        assertThatThrownBy(() -> users.find(ALICE)).isInstanceOf(UsersUnavailableException.class)
                .hasMessageContaining("does not answer");
        Files.writeString(file, "bob.directory = b\n");
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isPresent();
    }

    /** @return completes when the pipe has been written to */
    private CompletableFuture<Optional<User>> waitForBob() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        final CompletableFuture<Optional<User>> bob = new CompletableFuture<>();
        final Thread reader = new Thread(() -> {
            try {
                bob.complete(users.find(BOB));
            } catch (final UsersUnavailableException e) {
                bob.completeExceptionally(e);
            }
        });
        reader.start();
        await().until(() -> Stream.of(reader.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("open0")));
        return bob;
    }
}
