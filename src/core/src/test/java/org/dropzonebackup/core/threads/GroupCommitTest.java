package org.dropzonebackup.core.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static final int MANY = 8;

    private final AtomicInteger syncs = new AtomicInteger();

    @Test
    void holdsWhatWasDoneBeforeItWasAskedFor() throws Exception {
        final AtomicInteger done = new AtomicInteger();
        final AtomicInteger durable = new AtomicInteger();
        final GroupCommit sync = new GroupCommit(() -> durable.set(done.get()));
        final CyclicBarrier together = new CyclicBarrier(MANY);
        final ExecutorService threads = Executors.newFixedThreadPool(MANY);
        try {
            final List<Future<Integer>> late = Stream.generate(() -> threads.submit(() -> {
                int missing = 0;
                for (int i = 0; i < 300; i++) {
                    together.await();
                    final int mine = done.incrementAndGet();
                    sync.run();
                    missing += durable.get() < mine ? 1 : 0;
                }
                return missing;
            })).limit(MANY).toList();
            for (final Future<Integer> each : late) {
                assertThat(each.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void isOneForAllWhoComeWhileAnotherRuns() throws Exception {
        final CountDownLatch released = new CountDownLatch(1);
        final GroupCommit sync = new GroupCommit(() -> {
            if (syncs.incrementAndGet() == 1) {
                await(released);
            }
        });
        final FutureTask<Void> first = start(sync);
        final List<FutureTask<Void>> others = Stream.generate(() -> start(sync)).limit(MANY).toList();
        released.countDown();

        first.get();
        for (final FutureTask<Void> other : others) {
            other.get();
        }
        assertThat(syncs).hasValue(2);
    }

    @Test
    void failsForEachWhoWaitedForItAndNotForTheNext() throws Exception {
        final GroupCommit sync = new GroupCommit(() -> {
            if (syncs.incrementAndGet() == 1) {
                throw new IOException("Input/output error");
            }
        });

        assertThatThrownBy(sync::run).isInstanceOf(IOException.class).hasMessage("Input/output error");
        sync.run();
        assertThat(syncs).hasValue(2);
    }

    /** Returns when the new thread waits: for its turn, or in the middle of it. */
    private static FutureTask<Void> start(final GroupCommit sync) {
        final FutureTask<Void> task = new FutureTask<>(() -> {
            sync.run();
            return null;
        });
        final Thread thread = new Thread(task);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return task;
    }

    private static void await(final CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new IOException(e);
        }
    }
}
