package org.dropzonebackup.core.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.retention.PrunedBox.ALICES;
import static org.dropzonebackup.core.retention.PrunedBox.DAY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that jumps removes nothing until an administrator accepts it. */
class GuardedClockTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path base;
    private PrunedBox box;
    private Retention server;

    @BeforeEach
    void makeABox() throws Exception {
        box = new PrunedBox(base);
        box.nights(5, "db.dump");
        server = box.retention();
    }

    @Test
    void jumpIsSeenByTheMonotonicClock() throws Exception {
        assertThat(server.prune(ALICES, box)).isTrue();
        box.clock.pass(DAY.multipliedBy(100));
        box.nanos.addAndGet(HOUR.toNanos());
        assertDoubtful(server, "by the monotonic clock");
        box.pass(DAY.multipliedBy(3));
        assertDoubtful(server, "by the monotonic clock");
        box.send("db.dump");
        assertDoubtful(box.retention(), "as it was when files were pruned last");
        assertThat(box.files()).hasSize(6);

        box.clock.pass(DAY.multipliedBy(-100));
        assertThat(server.prune(ALICES, box)).as("the clock is right again").isTrue();
        assertThat(box.files()).hasSize(6);
    }

    @Test
    void acceptedClockIsRightForAll() throws Exception {
        final Retention other = box.retention();
        assertThat(server.prune(ALICES, box)).isTrue();
        assertThat(other.prune(ALICES, box)).isTrue();
        box.clock.pass(DAY.multipliedBy(100));
        assertDoubtful(server, "run 'dropzone-admin prune --accept-clock'");
        assertThat(box.retention().acceptClock()).isTrue();
        box.pass(HOUR);
        assertThat(server.prune(ALICES, box)).isTrue();
        assertThat(box.files()).hasSize(3);
        box.pass(HOUR);
        assertThat(other.prune(ALICES, box)).isTrue();
        box.clock.pass(DAY.multipliedBy(100));
        assertDoubtful(server, "by the monotonic clock");
        assertDoubtful(other, "by the monotonic clock");
    }

    @Test
    void manySmallJumpsAreAGreatOne() throws Exception {
        assertThat(server.prune(ALICES, box)).isTrue();
        box.clock.pass(HOUR.multipliedBy(20));
        assertThat(server.prune(ALICES, box)).isTrue();
        box.clock.pass(HOUR.multipliedBy(20));
        assertDoubtful(server, "by the monotonic clock");
    }

    @Test
    void serverThatRunsForLongOrWasOffForAMomentIsNotSuspected() throws Exception {
        for (int i = 0; i < 10; i++) {
            box.pass(DAY.multipliedBy(i));
            assertThat(server.prune(ALICES, box)).isTrue();
        }
        assertThat(box.files()).hasSize(3);
        box.clock.pass(HOUR.multipliedBy(23));
        assertThat(box.retention().prune(ALICES, box)).isTrue();
    }

    @Test
    void serverThatWasOffForLongWaits() throws Exception {
        assertThat(server.prune(ALICES, box)).isTrue();
        box.pass(DAY.multipliedBy(30));
        server = box.retention();
        assertDoubtful(server, "as it was when files were pruned last");
        box.pass(DAY.multipliedBy(3));
        assertDoubtful(server, "as it was when files were pruned last");
        assertThat(box.removals).isEmpty();
        assertThatThrownBy(() -> server.dryRun(ALICES, box)).isInstanceOf(DoubtfulClockException.class);
        assertThat(box.removals).as("what would go is told").hasSize(2);
        assertThat(box.files()).hasSize(5);
        assertThat(server.acceptClock()).isTrue();
        assertThat(server.prune(ALICES, box)).isTrue();
        assertThat(box.files()).hasSize(3);
    }

    @Test
    void firstTimeTheClockIsComparedWithTheJournal() throws Exception {
        box.pass(DAY);
        assertDoubtful(server, "as it was when the journal was written last");
        box.send("another");
        assertThat(server.prune(ALICES, box)).isTrue();
        Files.delete(base.resolve(".dropzone/clock"));
        box.clock.pass(DAY.multipliedBy(-2));
        assertDoubtful(box.retention(), "as it was when the journal was written last");
    }

    @Test
    void clockOfAnEmptyJournalIsTrusted() throws Exception {
        final PrunedBox empty = new PrunedBox(Files.createDirectory(base.resolve("empty")));
        assertThat(empty.retention().prune(ALICES, empty)).isTrue();
    }

    @Test
    void fileThatSaysNothingRemovesNothing() throws Exception {
        Files.writeString(base.resolve(".dropzone/clock"), "trusted=soon\n");
        box.pass(DAY.multipliedBy(30));
        assertThatThrownBy(() -> server.prune(ALICES, box)).isInstanceOf(IOException.class)
                .hasMessageContaining("does not say when the clock was right");
        Files.writeString(base.resolve(".dropzone/clock.new"), "left by a kill");
        assertThat(server.acceptClock()).isTrue();
        assertThat(server.prune(ALICES, box)).isTrue();
        assertThat(box.files()).hasSize(3);
        assertThat(base.resolve(".dropzone/clock.new")).doesNotExist();
    }

    private void assertDoubtful(final Retention retention, final String why) {
        assertThatThrownBy(() -> retention.prune(ALICES, box)).isInstanceOf(DoubtfulClockException.class)
                .hasMessageContaining(why);
    }
}
