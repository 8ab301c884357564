package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.store.StoreBusyException;

/**
 * One request's turn to replace files of a directory. It lasts until the last of its publications is confirmed or undone:
 * else another request could replace what is then undone, and take it for the old content. Belongs to one request; not
 * safe for threads, nor bound to one.
 */
final class ReplaceLock {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Semaphore turns;
    private final Duration patience;
    private final Set<Object> published = new HashSet<>();
    private int holders;

    /**
     * @param turns of the directory, with one permit
     */
    ReplaceLock(final Semaphore turns) {
        this(turns, PATIENCE);
    }

    ReplaceLock(final Semaphore turns, final Duration patience) {
        this.turns = turns;
        this.patience = patience;
    }

    /**
     * Waits for the other requests, unless it is this one's turn already. Not for ever: the request whose turn it is may need
     * one of the threads that wait here to end it.
     *
     * @throws StoreBusyException if it is not this one's turn in time
     * @throws InterruptedIOException if the thread is interrupted meanwhile
     */
    void take() throws IOException {
        if (holders == 0) {
            try {
                if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new StoreBusyException("other requests have replaced files of this directory for " + patience.toSeconds()
                            + " s without an end");
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting to replace a file");
            }
        }
        holders++;
    }

    /** To be called as often as {@link #take}. */
    void release() {
        holders--;
        if (holders == 0) {
            turns.release();
        }
    }

    /**
     * Remembers a file that this request has published. On a file system that takes two names for one, such as one
     * that ignores case, a second file of the request would replace it.
     */
    void published(final Object identity) {
        published.add(identity);
    }

    boolean hasPublished(final Object identity) {
        return published.contains(identity);
    }
}
