package org.dropzonebackup.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.TestJournals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubTest {

    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    private Path base;
    private final SettableClock clock = new SettableClock();
    private final List<Long> reads = new ArrayList<>();
    private VerifiedBox box;

    @BeforeEach
    void sendFiles() throws Exception {
        box = new VerifiedBox(base);
        for (int i = 0; i < 3; i++) {
            box.send("f" + i, "content " + i);
        }
        clock.pass(Duration.ofHours(1));
    }

    @AfterEach
    void close() throws Exception {
        box.close();
    }

    private Scrub server() {
        return new Scrub(box.journal(), base.resolve(".dropzone"), MONTH, clock, VerifiedBox.impatient());
    }

    private void scrub() throws Exception {
        scrub(bytes -> reads.add(bytes));
    }

    private void scrub(final Pace pace) throws Exception {
        server().run(verified(), new Verification.Terms(pace, directory -> true, Duration.ZERO));
    }

    private Verification.Box verified() throws Exception {
        return new Verification.Box(box.store(), box.journal(), box.heads(box.journal()), base, List.of("alice"),
                List.of(".dropzone"));
    }

    private List<Event> events(final String path) throws IOException {
        return TestJournals.readAll(box.journal(), 1).stream().filter(line -> line.file().path().equals(path))
                .map(line -> line.entry().event()).toList();
    }

    @Test
    void readsAllFilesOnceInItsTime() throws Exception {
        scrub();
        scrub();
        clock.pass(MONTH.minusSeconds(1));
        scrub();
        assertThat(reads).hasSize(3);

        clock.pass(Duration.ofSeconds(1));
        scrub();
        assertThat(reads).hasSize(6);
    }

    @Test
    void entersADamagedFileOnceAndThatItIsRightAgain() throws Exception {
        Files.writeString(box.file("alice/f1"), "Content 1");
        try (CapturedLog log = new CapturedLog(Scrub.class)) {
            scrub();
            clock.pass(MONTH);
            scrub();
            assertThat(log.lines()).filteredOn(message -> message.contains("altered: alice/f1 ")).hasSize(1);
        }
        assertThat(events("f1")).containsExactly(Event.STORED, Event.DAMAGED);
        final Line damaged = box.journal().find("alice", "f1").orElseThrow();
        assertThat(damaged.entry().user()).contains("alice");

        Files.writeString(box.file("alice/f1"), "content 1");
        clock.pass(MONTH);
        scrub();
        clock.pass(MONTH);
        scrub();
        assertThat(events("f1")).containsExactly(Event.STORED, Event.DAMAGED, Event.FOUND);
        assertThat(box.journal().find("alice", "f1").orElseThrow().file().sha256()).isEqualTo(damaged.file().sha256());
        assertThat(events("f0")).containsExactly(Event.STORED);
    }

    @Test
    void entersNoDamageOfADirectoryThatCannotBeRead() throws Exception {
        lose();

        scrub();

        assertThat(events("f0")).containsExactly(Event.STORED);
    }

    @Test
    void entersNoDamageOfFilesThatWentWithTheirDirectory() throws Exception {
        Files.delete(box.file("alice/f0"));
        final Pace losing = bytes -> {
            if (Files.isDirectory(box.file("alice"))) {
                lose();
            }
        };

        new Scrub(box.journal(), base.resolve(".dropzone"), MONTH, clock, () -> 0).run(verified(),
                new Verification.Terms(losing, directory -> true, Duration.ofNanos(1)));

        assertThat(events("f0")).containsExactly(Event.STORED);
    }

    private void lose() {
        try {
            Files.move(box.file("alice"), base.resolve("elsewhere"));
            Files.writeString(box.file("alice"), "no directory");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        assertThatThrownBy(() -> scrub(bytes -> {
            reads.add(bytes);
            if (reads.size() == 3) {
                throw new InterruptedException();
            }
        })).isInstanceOf(InterruptedException.class);
        reads.clear();
        clock.pass(Duration.ofMinutes(5));

        scrub();

        assertThat(reads).hasSize(1);
        assertThat(server().of("alice", "f0", clock.instant().minus(Duration.ofMinutes(6))))
                .contains(clock.instant().minus(Duration.ofMinutes(5)));
    }

    @Test
    void leavesItToAnotherServerThatIsAtIt() throws Exception {
        try (ProcessLock other = ProcessLock.take(base.resolve(".dropzone/scrub.lock")).orElseThrow()) {
            scrub();
            assertThat(other).isNotNull();
            assertThat(reads).isEmpty();
        }
        scrub();
        assertThat(reads).hasSize(3);
    }

    @Test
    void tellsWhenAFileWasLastReadAtLeast() throws Exception {
        final Instant entered = box.journal().find("alice", "f0").orElseThrow().time();
        final Scrub server = server();
        assertThat(server.of("alice", "f0", entered)).isEmpty();
        final Instant began = clock.instant();
        scrub();
        clock.pass(Duration.ofHours(1));

        assertThat(server.of("alice", "f0", entered)).contains(began);
        assertThat(server.of("alice", "later", clock.instant())).isEmpty();
    }

    @Test
    void waitsWhileUploadsAreUnderWayButNotForEver() throws Exception {
        final List<Duration> waits = new ArrayList<>();
        final boolean[] busy = {true};
        final IdlePace pace = new IdlePace(() -> busy[0], time -> {
            waits.add(time);
            busy[0] = waits.size() != 5;
        });
        pace.await(1);
        assertThat(waits).hasSize(5).containsOnly(Duration.ofSeconds(1));

        waits.clear();
        final IdlePace never = new IdlePace(() -> true, waits::add);
        never.await(4 << 20);
        never.await(4 << 20);
        assertThat(waits).hasSize(3602).endsWith(Duration.ofSeconds(4), Duration.ofSeconds(4));
    }
}
