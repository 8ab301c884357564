package org.dropzonebackup.core.auth;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.users.PasswordHash;

/**
 * The memory budget of password hashes: together they may take half of the heap, and each must leave an eighth of the heap
 * free. This is checked before anything is allocated, as the first {@link OutOfMemoryError} ends a server that runs with
 * {@code -XX:+ExitOnOutOfMemoryError}. Safe for threads.
 */
final class HashMemory {

    private static final int SPARED_SHARE = 8;
    /**
     * HotSpot leaves a collection out while native code uses an array of the heap, as when classes are unpacked. That takes some
     * microseconds, or milliseconds where its thread has to wait for a processor.
     */
    private static final int MOST_COLLECTIONS = 10;
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(20);
    private static final Duration RETRY_COLLECTION_AFTER = Duration.ofSeconds(10);

    private final Heap heap;
    private final LongSupplier nanoTime;
    /** KiB that hashes may take together. */
    private final int budget;
    private final Semaphore permits;
    /** Held while memory is measured and allocated, so that the same free memory is not given out twice. */
    private final ReentrantLock allocating = new ReentrantLock();
    private boolean collectedInVain;
    private long collectedAt;

    /** The heap of this Java VM; tests have others. */
    interface Heap {

        /** Bytes that it can have at most. */
        default long max() {
            return Runtime.getRuntime().maxMemory();
        }

        /** Bytes that can be allocated now, not counting garbage. */
        default long free() {
            final Runtime runtime = Runtime.getRuntime();
            return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        }

        /** Frees garbage. */
        default void collect() {
            System.gc();
        }
    }

    HashMemory(final Heap heap, final LongSupplier nanoTime) {
        this.heap = heap;
        this.nanoTime = nanoTime;
        this.budget = (int) Math.min(Integer.MAX_VALUE, Math.max(1, heap.max() / 2 >> 10));
        this.permits = new Semaphore(budget, true);
    }

    /**
     * Waits until a hash may run: no more run at once than there are processors, nor than fit into the budget.
     *
     * @throws HashingUnavailableException if it would not fit even alone
     */
    Permit acquire(final PasswordHash hash) throws HashingUnavailableException {
        if (hash.memory() > heap.max() / 2) {
            throw new HashingUnavailableException("it takes " + mebibytes(hash.memory()) + " MiB, more than half of the "
                    + mebibytes(heap.max()) + " MiB that Java has: set a new password, or start Java with -Xmx"
                    + mebibytes(hash.serverMemory()) + "m or more");
        }
        final int fair = budget / Runtime.getRuntime().availableProcessors();
        final int share = (int) Math.min(budget, Math.max(fair, (hash.memory() >> 10) + 1));
        permits.acquireUninterruptibly(share);
        return new Permit(hash, share);
    }

    /** Permission to compute one hash, which others wait for until it is closed. */
    final class Permit implements AutoCloseable {

        private final PasswordHash hash;
        private final int share;

        private Permit(final PasswordHash hash, final int share) {
            this.hash = hash;
            this.share = share;
        }

        /**
         * Allocates the memory of the hash.
         *
         * @throws HashingUnavailableException if too little is free now; nothing is allocated then
         */
        PasswordHash.Verification allocate() throws HashingUnavailableException {
            allocating.lock();
            try {
                final long wanted = hash.memory() + heap.max() / SPARED_SHARE;
                if (heap.free() < wanted) {
                    collect(wanted);
                }
                if (heap.free() < wanted) {
                    collectedInVain = true;
                    throw new HashingUnavailableException("it takes " + mebibytes(hash.memory()) + " MiB, and of the "
                            + mebibytes(heap.max()) + " MiB that Java has too little is free now: give it more (-Xmx)");
                }
                return hash.prepare();
            } finally {
                allocating.unlock();
            }
        }

        @Override
        public void close() {
            permits.release(share);
        }
    }

    /** Collects garbage, which stops all threads; so after a collection that freed too little, not again for ten seconds. */
    private void collect(final long wanted) {
        final long now = nanoTime.getAsLong();
        if (!collectedInVain || now - collectedAt >= RETRY_COLLECTION_AFTER.toNanos()) {
            collectedInVain = false;
            collectedAt = now;
            heap.collect();
            for (int i = 1; i < MOST_COLLECTIONS && heap.free() < wanted; i++) {
                LockSupport.parkNanos(BETWEEN_COLLECTIONS.toNanos());
                heap.collect();
            }
        }
    }

    private static long mebibytes(final long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
