package org.dropzonebackup.core.threads;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One run of an action, such as a sync of a directory, for all who ask for it at the same time. Whoever asks while the action
 * runs waits for the next run, which begins after all of them have asked and so includes what each of them did before. There
 * is one run at a time, on the thread that asked first, and no lock is held meanwhile. Safe for threads.
 */
public final class GroupCommit implements Action {

    private final Action action;
    /** The run that began last, perhaps over. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    /** The run that has not begun; null if nobody waits for one. */
    private CompletableFuture<Void> next;

    /**
     * @param action must not call {@link #run} of the same object, as it would wait for itself
     */
    public GroupCommit(final Action action) {
        this.action = action;
    }

    /**
     * Returns when a run is over that began after this was called.
     *
     * @throws IOException if that run failed, for each who waited for it
     */
    @Override
    public void run() throws IOException {
        final CompletableFuture<Void> mine;
        final CompletableFuture<Void> before;
        final boolean first;
        synchronized (this) {
            first = next == null;
            if (first) {
                next = new CompletableFuture<>();
            }
            mine = next;
            before = last;
        }
        if (first) {
            runAfter(before, mine);
        }
        join(mine);
    }

    private void runAfter(final CompletableFuture<Void> before, final CompletableFuture<Void> mine) {
        try {
            try {
                awaitEnd(before);
            } finally {
                begin(mine);
            }
            action.run();
            mine.complete(null);
        } catch (final Throwable e) {
            // All who wait for it are told, this thread too
            mine.completeExceptionally(e);
        }
    }

    private synchronized void begin(final CompletableFuture<Void> run) {
        next = null;
        last = run;
    }

    private static void awaitEnd(final CompletableFuture<Void> run) {
        try {
            run.join();
        } catch (final CompletionException toldToThoseWhoWaited) {
            // What became of it is no concern of the next
        }
    }

    private static void join(final CompletableFuture<Void> run) throws IOException {
        try {
            run.join();
        } catch (final CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
