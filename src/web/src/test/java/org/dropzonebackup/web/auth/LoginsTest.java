package org.dropzonebackup.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.auth.Credentials;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.web.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {

    private static final Credentials CREDENTIALS = new Credentials("nobody", "secret-pa55");
    private static final Duration LONG = Duration.ofHours(1);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private Executor worker = Runnable::run;
    private LiveUsers users;
    private int looksAtTheClock;
    private boolean broken;

    @BeforeEach
    void makeUsers(@TempDir final Path directory) throws IOException {
        users = new LiveUsers(Files.createFile(directory.resolve("users")), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void tellsLaterWhatNeedsAHash() {
        final CompletableFuture<Logins.Outcome> outcome = judge(queue::add, LONG);
        assertThat(outcome).isNotDone();
        queue.remove().run();
        assertThat(outcome.join().refusal()).contains(Problem.forbidden());
    }

    @Test
    void refusesWhoHasWaitedTooLongAndHashesNothingForThem() {
        final CompletableFuture<Logins.Outcome> outcome = judge(queue::add, Duration.ofMillis(1));
        assertThat(outcome).succeedsWithin(20, TimeUnit.SECONDS);
        assertUnavailable(outcome);
        final int looks = looksAtTheClock;
        queue.remove().run();
        assertThat(looksAtTheClock).isEqualTo(looks);
    }

    @Test
    void refusesWhenTheApplicationStops() {
        assertUnavailable(judge(task -> {
            throw new RejectedExecutionException("stopping");
        }, LONG));
        timer.shutdownNow();
        assertUnavailable(judge(queue::add, LONG));
    }

    @Test
    void refusesWhereNoThreadCanBeStarted() {
        try (CapturedLog log = new CapturedLog(Logins.class)) {
            assertUnavailable(judge(LoginsTest::startNoThread, LONG));
            worker = LoginsTest::startNoThread;
            final CompletableFuture<Logins.Outcome> late = judge(queue::add, Duration.ofMillis(1));
            assertThat(late).succeedsWithin(20, TimeUnit.SECONDS);
            assertUnavailable(late);
            assertThat(log.lines()).hasSize(2);
        }
    }

    @Test
    void answersWhateverIsThrown() {
        try (CapturedLog log = new CapturedLog(Logins.class)) {
            assertUnavailable(judge(task -> {
                broken = true;
                task.run();
            }, LONG));
            assertThat(log.lines()).hasSize(1);
        }
    }

    private CompletableFuture<Logins.Outcome> judge(final Executor hashing, final Duration limit) {
        return new Logins(new Authenticator(users, this::nanoTime), hashing, timer, worker, limit)
                .judge(CREDENTIALS, InetAddress.getLoopbackAddress(), Problem.forbidden());
    }

    private static void startNoThread(final Runnable task) {
        throw new OutOfMemoryError("unable to create native thread");
    }

    private long nanoTime() {
        looksAtTheClock++;
        if (broken) {
            throw new StackOverflowError("of a library");
        }
        return System.nanoTime();
    }

    private static void assertUnavailable(final CompletableFuture<Logins.Outcome> outcome) {
        final Problem refusal = outcome.join().refusal().orElseThrow();
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.headers()).containsKey("Retry-After");
    }
}
