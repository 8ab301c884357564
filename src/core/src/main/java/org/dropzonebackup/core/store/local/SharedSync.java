package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Syncs of one directory, shared by those who want one in the same moment: whoever comes while one runs waits for the
 * next, which begins after all of them came and so holds what each of them did. Safe for threads.
 */
final class SharedSync {

    private final Action action;
    private final Lock device = new ReentrantLock();
    /** The one that has not begun; null if nobody waits for one. */
    private CompletableFuture<Void> next;

    /** Does it. */
    @FunctionalInterface
    interface Action {
        /**
         * @throws IOException if it fails
         */
        void run() throws IOException;
    }

    SharedSync(final Action action) {
        this.action = action;
    }

    /**
     * Returns when a sync is over that began after this was called.
     *
     * @throws IOException if that one failed, for each who waited for it
     */
    void run() throws IOException {
        final CompletableFuture<Void> mine;
        final boolean first;
        synchronized (this) {
            first = next == null;
            if (first) {
                next = new CompletableFuture<>();
            }
            mine = next;
        }
        if (first) {
            runFor(mine);
        }
        try {
            mine.join();
        } catch (final CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void runFor(final CompletableFuture<Void> waiting) {
        device.lock();
        try {
            synchronized (this) {
                next = null;
            }
            action.run();
            waiting.complete(null);
        } catch (final IOException | RuntimeException | Error e) {
            waiting.completeExceptionally(e);
        } finally {
            device.unlock();
        }
    }
}
