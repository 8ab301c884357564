package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TransferThreadsTest {

    private final AtomicLong clock = new AtomicLong();
    private final TransferThreads threads = new TransferThreads(1, clock::get);
    private final CountDownLatch device = new CountDownLatch(1);

    @AfterEach
    void endAll() {
        device.countDown();
        threads.shutdownNow();
    }

    @Test
    void haveAnotherStandInForWhoeverIsLongAtIt() {
        final CompletableFuture<Void> hanging = hang();
        final CompletableFuture<Void> next = CompletableFuture.runAsync(() -> { }, threads);
        assertThat(threads.getQueue()).hasSize(1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        threads.replaceBusy();
        assertThat(threads.getQueue()).hasSize(1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        threads.replaceBusy();
        next.join();
        assertThat(hanging).isNotDone();
        assertThat(threads.getQueue()).isEmpty();
    }

    @Test
    void needNobodyToStandInWhenItIsDone() throws Exception {
        final CompletableFuture<Void> hanging = hang();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        threads.replaceBusy();
        assertThat(threads.getCorePoolSize()).isEqualTo(2);
        device.countDown();
        hanging.join();
        // Whoever was busy says so after its task
        threads.submit(() -> { }).get();
        while (threads.getActiveCount() > 0) {
            Thread.onSpinWait();
        }
        threads.replaceBusy();
        assertThat(threads.getCorePoolSize()).isEqualTo(1);
    }

    @Test
    void letWhoeverComesAtTheEndDoItAlone() {
        threads.shutdownNow();
        assertThat(CompletableFuture.supplyAsync(Thread::currentThread, threads).join()).isEqualTo(Thread.currentThread());
    }

    private CompletableFuture<Void> hang() {
        final CountDownLatch begun = new CountDownLatch(1);
        final CompletableFuture<Void> task = CompletableFuture.runAsync(() -> {
            begun.countDown();
            await(device);
        }, threads);
        await(begun);
        return task;
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
