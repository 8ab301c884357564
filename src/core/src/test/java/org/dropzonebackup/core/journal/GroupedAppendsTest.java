package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.journal.Journals.readAll;
import static org.dropzonebackup.core.journal.Journals.stored;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that append at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupedAppendsTest {

    private static final int MANY = 8;

    @TempDir
    private Path base;
    private final AtomicInteger syncs = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean fails;

    private final SegmentFile.Opener slow = (path, durable) -> new SegmentFile(path, durable) {
        @Override
        void sync() throws IOException {
            if (syncs.incrementAndGet() == 1) {
                await(released);
            } else if (fails) {
                fails = false;
                throw new IOException("Input/output error");
            }
            super.sync();
        }
    };

    private static void await(final CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void shareASyncIfTheyComeWhileAnotherIsUnderWay() throws Exception {
        try (Journal journal = new Journals(base, slow).open()) {
            final List<FutureTask<List<Line>>> tasks = startMany(journal);
            released.countDown();
            final List<Line> lines = new ArrayList<>();
            for (final FutureTask<List<Line>> task : tasks) {
                assertThat(task.get()).hasSize(2);
                assertThat(task.get().get(1).prev()).as("neighbours").isEqualTo(task.get().get(0).hash());
                lines.addAll(task.get());
            }
            assertThat(syncs).hasValue(2);
            assertThat(readAll(journal, 1)).containsExactlyInAnyOrderElementsOf(lines);
        }
    }

    @Test
    void failTogetherIfTheirSyncFails() throws Exception {
        try (Journal journal = new Journals(base, slow).open()) {
            final List<FutureTask<List<Line>>> tasks = startMany(journal);
            fails = true;
            released.countDown();
            assertThat(tasks.get(0).get()).hasSize(2);
            for (final FutureTask<List<Line>> task : tasks.subList(1, MANY)) {
                assertThatThrownBy(task::get).hasCauseInstanceOf(JournalUnwritableException.class);
            }
            assertThat(readAll(journal, 1)).hasSize(2);
            journal.append(List.of(stored("after")));
            assertThat(readAll(journal, 1)).hasSize(3);
        }
    }

    @Test
    void shareAStepBeforeThem() throws Exception {
        final AtomicInteger steps = new AtomicInteger();
        try (Journal journal = new Journals(base, slow).open()) {
            final List<FutureTask<List<Line>>> tasks = startMany(journal, each -> steps::incrementAndGet);
            final Action step = steps::incrementAndGet;
            tasks.addAll(startMany(journal, each -> step));
            released.countDown();
            for (final FutureTask<List<Line>> task : tasks) {
                assertThat(task.get()).hasSize(2);
            }
            assertThat(steps).hasValue(MANY + 1);
            assertThat(syncs).hasValue(2);
        }
    }

    @Test
    void areNotWrittenIfTheirStepFails() throws Exception {
        final IOException own = new IOException("as a test wants it");
        final IllegalStateException unexpected = new IllegalStateException("as a test wants it");
        try (Journal journal = new Journals(base, slow).open()) {
            final List<FutureTask<List<Line>>> tasks = startMany(journal, each -> () -> {
                if (each == 3) {
                    throw own;
                } else if (each == 4) {
                    throw unexpected;
                }
            });
            released.countDown();
            assertThatThrownBy(tasks.get(3)::get).cause().isSameAs(own);
            assertThatThrownBy(tasks.get(4)::get).cause().isInstanceOf(IOException.class).hasCause(unexpected);
            tasks.subList(3, 5).clear();
            final List<Line> lines = new ArrayList<>();
            for (final FutureTask<List<Line>> task : tasks) {
                lines.addAll(task.get());
            }
            assertThat(readAll(journal, 1)).hasSize(2 * MANY - 4).containsExactlyInAnyOrderElementsOf(lines);
        }
    }

    private List<FutureTask<List<Line>>> startMany(final Journal journal) {
        return startMany(journal, each -> Action.NOTHING);
    }

    /** All but the first wait for a sync that has not begun. */
    private List<FutureTask<List<Line>>> startMany(final Journal journal, final IntFunction<Action> steps) {
        final List<FutureTask<List<Line>>> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            final String name = "file " + i;
            final Action step = steps.apply(i);
            final FutureTask<List<Line>> task = new FutureTask<>(
                    () -> journal.append(List.of(stored(name), stored(name + "b")), step));
            tasks.add(task);
            final Thread thread = new Thread(task, name);
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        return tasks;
    }

    @Test
    void loseNothingAndFindWhatTheyHaveAppended() throws Exception {
        final CyclicBarrier together = new CyclicBarrier(MANY);
        try (Journal journal = new Journals(base).open()) {
            final List<FutureTask<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                final String name = "thread " + i + " ";
                final FutureTask<Integer> task = new FutureTask<>(() -> {
                    together.await();
                    int found = 0;
                    for (int each = 0; each < 100; each++) {
                        final Line line = journal.append(List.of(stored(name + each))).get(0);
                        found += journal.find("alice", name + each).filter(line::equals).isPresent() ? 1 : 0;
                    }
                    return found;
                });
                tasks.add(task);
                new Thread(task, name).start();
            }
            for (final FutureTask<Integer> task : tasks) {
                assertThat(task.get()).isEqualTo(100);
            }
            assertThat(readAll(journal, 1)).hasSize(100 * MANY);
        }
    }
}
