package org.dropzonebackup.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifications while uploads are under way, and verifications that are stopped. */
class UnderWayTest {

    @TempDir
    private Path base;
    private VerifiedBox box;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void sendFiles() throws Exception {
        box = new VerifiedBox(base);
        for (int i = 0; i < 4; i++) {
            box.send("f" + i, "content " + i);
        }
    }

    @AfterEach
    void close() throws Exception {
        box.close();
    }

    private Checkpoint verify(final Checkpoint from, final Pace pace) throws Exception {
        return box.verify(from, finding -> told.add(finding.toString()), pace);
    }

    /** Does something before the n-th file is read. */
    private static Pace before(final int file, final Work work) {
        final int[] files = {0};
        return bytes -> {
            if (files[0]++ == file) {
                try {
                    work.run();
                } catch (final InterruptedException e) {
                    throw e;
                } catch (final Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private interface Work {
        void run() throws Exception;
    }

    @Test
    void takesAFileForRightThatIsReplacedAndEnteredWhileItIsRead() throws Exception {
        verify(Checkpoint.start(Instant.now()), before(1, () -> box.send("f1", "replaced while it is read")));

        assertThat(told).isEmpty();
    }

    @Test
    void tellsNothingOfAFileThatIsEnteredAMomentAfterItsPublication() throws Exception {
        final Path early = box.file("alice/early");
        Files.writeString(early, "content");
        Files.writeString(box.file("alice/late"), "content");
        final AtomicLong now = new AtomicLong();
        final Listener entering = new Listener() {
            @Override
            public void found(final Finding finding) {
                told.add(finding.toString());
            }

            @Override
            public void progress(final long files, final long bytes) {
                // When all directories have been listed
                if (now.incrementAndGet() == 4 + 6) {
                    enter();
                    now.addAndGet(Verification.Terms.SETTLING.toNanos());
                }
            }

            /** In place of the server that has published it. */
            private void enter() {
                try {
                    Files.delete(early);
                    box.send("early", "content");
                } catch (final Exception e) {
                    throw new AssertionError(e);
                }
            }
        };

        box.verify(Checkpoint.start(Instant.now()), entering, Pace.UNLIMITED, now::get);

        assertThat(told).containsExactly("not in the journal: alice/late (it has 7 bytes)");
    }

    @Test
    void goesOnBehindWhatAStoppedOneHasDone() throws Exception {
        final Instant started = Instant.now();
        final AtomicReference<Checkpoint> reached = new AtomicReference<>();
        final Listener listener = new Listener() {
            @Override
            public void found(final Finding finding) {
                told.add(finding.toString());
            }

            @Override
            public void reached(final Checkpoint checkpoint) {
                reached.set(checkpoint);
            }
        };
        assertThatThrownBy(() -> box.verify(Checkpoint.start(started), listener, before(2, () -> {
            throw new InterruptedException();
        }))).isInstanceOf(InterruptedException.class);
        assertThat(reached.get().files()).isEqualTo(2);
        final Path file = base.resolve("state.json");
        reached.get().write(file);
        Files.writeString(box.file("alice/f0"), "altered behind it");
        Files.writeString(box.file("alice/f3"), "altered before it");
        box.send("later", "of the next verification");

        final Checkpoint end = verify(Checkpoint.read(file).orElseThrow(), Pace.UNLIMITED);

        assertThat(told).containsExactly("altered: alice/f3 (it has 17 bytes instead of 9)");
        assertThat(end.files()).isEqualTo(3);
        assertThat(end.wrong()).isEqualTo(1);
        assertThat(end.started()).isEqualTo(started);
    }

    @Test
    void beginsAnewWhereACheckpointIsNotWhole() throws Exception {
        final Path file = base.resolve("state.json");
        assertThat(Checkpoint.read(file)).isEmpty();
        Checkpoint.start(Instant.now()).write(file);
        assertThat(Checkpoint.read(file)).isPresent();
        Files.writeString(file, Files.readString(file).substring(0, 40));
        assertThat(Checkpoint.read(file)).isEmpty();
    }

    @Test
    void readsNoFasterThanAtItsRate() throws Exception {
        final long[] now = {0};
        final Pace pace = Pace.ofRate(1000, () -> now[0]);
        pace.await(5);
        final long before = System.nanoTime();
        pace.await(100);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(5_000_000);
    }
}
