package org.dropzonebackup.web.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.web.health.Health.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {

    @TempDir
    private Path base;
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private Journal journal;

    @BeforeEach
    void setUp() {
        journal = new Journal(OwnDirectories.journal(base), false, Clock.systemUTC(), System::nanoTime);
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
    }

    private Health health(final long reserve) {
        return new Health(new LocalStore(base, ".~tmp", false, false, Runnable::run), journal, reserve, nanos::get, (usable, reserved) -> { });
    }

    @Test
    void isStartingUntilItHasLookedAndStoppingFromThenOn() {
        final Health health = health(0);
        assertThat(health.state()).isEqualTo(State.STARTING);
        health.run();
        assertThat(health.state()).isEqualTo(State.OK);
        health.stop();
        assertThat(health.state()).isEqualTo(State.STOPPING);
        health.run();
        assertThat(health.state()).isEqualTo(State.STOPPING);
    }

    @Test
    void isFullIfOnlyTheReserveIsLeft() {
        final Health health = health(Long.MAX_VALUE);
        health.run();
        assertThat(health.state()).isEqualTo(State.FULL);
    }

    @Test
    void isUnavailableWhileALookTakesLongerThanAMinute() {
        final Health health = health(0);
        health.run();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(health.state()).isEqualTo(State.OK);
        nanos.incrementAndGet();
        assertThat(health.state()).isEqualTo(State.UNAVAILABLE);
        health.run();
        assertThat(health.state()).isEqualTo(State.OK);
    }

    @Test
    void isUnavailableAsLongAsTheJournalCannotBeOpenedAndSaysSoInTheLog() throws IOException {
        final Path inTheWay = Files.createFile(base.resolve(OwnDirectories.MEMORY));
        final Health health = health(0);
        try (CapturedLog log = new CapturedLog(Health.class)) {
            health.run();
            assertThat(health.state()).isEqualTo(State.UNAVAILABLE);
            assertThat(log.lines()).singleElement().asString().contains("no upload can be stored: ");
        }
        Files.delete(inTheWay);
        health.run();
        assertThat(health.state()).isEqualTo(State.OK);
    }
}
