package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadersTest {

    private final AtomicLong clock = new AtomicLong();
    private final Readers readers = new Readers(1, clock::get);
    private final CountDownLatch device = new CountDownLatch(1);

    @AfterEach
    void endAll() {
        device.countDown();
        readers.shutdownNow();
    }

    @Test
    void haveAnotherStandInForWhoeverIsLongAtIt() {
        final CompletableFuture<Void> hanging = hang();
        final CompletableFuture<Void> next = CompletableFuture.runAsync(() -> { }, readers);
        assertThat(readers.getQueue()).hasSize(1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        readers.replaceBusy();
        assertThat(readers.getQueue()).hasSize(1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        readers.replaceBusy();
        next.join();
        assertThat(hanging).isNotDone();
        assertThat(readers.getQueue()).isEmpty();
    }

    @Test
    void needNobodyToStandInWhenItIsDone() throws Exception {
        final CompletableFuture<Void> hanging = hang();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        readers.replaceBusy();
        assertThat(readers.getCorePoolSize()).isEqualTo(2);
        device.countDown();
        hanging.join();
        // Whoever was busy says so after its task
        readers.submit(() -> { }).get();
        while (readers.getActiveCount() > 0) {
            Thread.onSpinWait();
        }
        readers.replaceBusy();
        assertThat(readers.getCorePoolSize()).isEqualTo(1);
    }

    @Test
    void letWhoeverComesAtTheEndDoItAlone() {
        readers.shutdownNow();
        assertThat(CompletableFuture.supplyAsync(Thread::currentThread, readers).join()).isEqualTo(Thread.currentThread());
    }

    private CompletableFuture<Void> hang() {
        final CountDownLatch begun = new CountDownLatch(1);
        final CompletableFuture<Void> task = CompletableFuture.runAsync(() -> {
            begun.countDown();
            await(device);
        }, readers);
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
