package org.dropzonebackup.core.store.local;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * One request's turn to replace files of a directory. It lasts until the last of its publications is confirmed or undone:
 * else another request could replace what is then undone, and take it for the old content. Belongs to one request; not
 * safe for threads, nor bound to one.
 */
final class Turn {

    private final Semaphore turns;
    private final Set<Object> published = new HashSet<>();
    private int holders;

    /**
     * @param turns of the directory, with one permit
     */
    Turn(final Semaphore turns) {
        this.turns = turns;
    }

    /** Waits for the other requests, unless it is this one's turn already. */
    void take() {
        if (holders == 0) {
            turns.acquireUninterruptibly();
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
