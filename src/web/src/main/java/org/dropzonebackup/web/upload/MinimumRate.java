package org.dropzonebackup.web.upload;

import java.time.Duration;

/**
 * How fast a client sends. Only the time counts in which the server waits for it, so that nobody is blamed for a slow
 * disk. Safe for threads.
 */
final class MinimumRate {

    private final Limits limits;
    /** When the present waiting began; without any, when the last one ended. */
    private long since;
    private boolean waiting;
    private long waited;
    private long bytes;

    /**
     * What is asked of clients.
     *
     * @param bytesPerSecond that have to come on average over a time of {@code idle}
     * @param idle how long a client may send nothing at all
     */
    record Limits(long bytesPerSecond, Duration idle) {
    }

    MinimumRate(final Limits limits) {
        this.limits = limits;
    }

    /** From now on it is the client's turn. */
    synchronized void waiting(final long nanoTime) {
        waiting = true;
        since = nanoTime;
    }

    /** Something came, at last; until {@link #waiting} it is the server's turn. */
    synchronized void resumed(final long nanoTime) {
        if (waiting) {
            waited += nanoTime - since;
            waiting = false;
        }
    }

    /** So much came. */
    synchronized void received(final int count) {
        bytes += count;
    }

    /** Whether the client has been silent for too long, or too slow; to be asked several times within the idle time. */
    synchronized boolean isTooSlow(final long nanoTime) {
        final long silent = waiting ? nanoTime - since : 0;
        final long idle = limits.idle().toNanos();
        if (waited + silent < idle) {
            return false;
        }
        final boolean slow = silent >= idle || bytes < limits.bytesPerSecond() * limits.idle().toMillis() / 1000;
        bytes = 0;
        waited = -silent;
        return slow;
    }
}
