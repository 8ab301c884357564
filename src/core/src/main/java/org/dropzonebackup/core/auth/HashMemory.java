package org.dropzonebackup.core.auth;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.users.PasswordHash;

/**
 * The memory that password hashes may take: half of the heap for all that run at once, and of what is free now so much
 * that an eighth of the heap stays free. Whether there is enough is known before any is allocated, as the first {@link
 * OutOfMemoryError} ends a server that is started as it should be. Safe for threads.
 */
final class HashMemory {

    private static final int SPARED_SHARE = 8;
    private static final Duration BETWEEN_VAIN_COLLECTIONS = Duration.ofSeconds(10);

    private final Heap heap;
    private final LongSupplier nanoTime;
    /** KiB that hashes may take together. */
    private final int budget;
    private final Semaphore turns;
    /** Held while memory is measured and allocated: what is measured is not promised twice. */
    private final ReentrantLock allocating = new ReentrantLock();
    private boolean collectedInVain;
    private long collectedAt;

    /** Where hashes get their memory from. */
    interface Heap {

        /** Bytes that it can have at most. */
        long most();

        /** Bytes that can be allocated at once, without what a collection would free. */
        long free();

        /** Frees all that is not in use. */
        void collect();

        /** That of this Java VM. */
        static Heap ofThisVm() {
            return new Heap() {
                @Override
                public long most() {
                    return Runtime.getRuntime().maxMemory();
                }

                @Override
                public long free() {
                    final Runtime runtime = Runtime.getRuntime();
                    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
                }

                @Override
                public void collect() {
                    System.gc();
                }
            };
        }
    }

    HashMemory(final Heap heap, final LongSupplier nanoTime) {
        this.heap = heap;
        this.nanoTime = nanoTime;
        this.budget = (int) Math.min(Integer.MAX_VALUE, Math.max(1, heap.most() / 2 >> 10));
        this.turns = new Semaphore(budget, true);
    }

    /**
     * Waits for a hash's turn: no more run at once than there are processors, nor than fit into half of the memory.
     *
     * @throws HashingUnavailableException if it would not even fit alone
     */
    ReplaceLock await(final PasswordHash hash) throws HashingUnavailableException {
        if (hash.memory() > heap.most() / 2) {
            throw new HashingUnavailableException("it takes " + mebibytes(hash.memory()) + " MiB, more than half of the "
                    + mebibytes(heap.most()) + " MiB that Java has: set a new password, or start Java with -Xmx"
                    + mebibytes(hash.serverMemory()) + "m or more");
        }
        final int fair = budget / Runtime.getRuntime().availableProcessors();
        final int share = (int) Math.min(budget, Math.max(fair, (hash.memory() >> 10) + 1));
        turns.acquireUninterruptibly(share);
        return new ReplaceLock(hash, share);
    }

    /** The turn of one hash, which is over when this is closed. */
    final class ReplaceLock implements AutoCloseable {

        private final PasswordHash hash;
        private final int share;

        private ReplaceLock(final PasswordHash hash, final int share) {
            this.hash = hash;
            this.share = share;
        }

        /**
         * Allocates what the hash takes.
         *
         * @throws HashingUnavailableException if there is too little now; nothing is allocated then
         */
        PasswordHash.Verification allocate() throws HashingUnavailableException {
            allocating.lock();
            try {
                final long wanted = hash.memory() + heap.most() / SPARED_SHARE;
                if (heap.free() < wanted) {
                    collect();
                }
                if (heap.free() < wanted) {
                    collectedInVain = true;
                    throw new HashingUnavailableException("it takes " + mebibytes(hash.memory()) + " MiB, and of the "
                            + mebibytes(heap.most()) + " MiB that Java has too little is free now: give it more (-Xmx)");
                }
                return hash.prepare();
            } finally {
                allocating.unlock();
            }
        }

        @Override
        public void close() {
            turns.release(share);
        }
    }

    /** Everything waits for it. When it was in vain, whoever asks again at once must not make it happen again at once. */
    private void collect() {
        final long now = nanoTime.getAsLong();
        if (!collectedInVain || now - collectedAt >= BETWEEN_VAIN_COLLECTIONS.toNanos()) {
            collectedInVain = false;
            collectedAt = now;
            heap.collect();
        }
    }

    private static long mebibytes(final long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
