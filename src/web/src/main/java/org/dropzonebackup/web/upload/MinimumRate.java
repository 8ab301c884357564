package org.dropzonebackup.web.upload;

import java.time.Duration;

/**
 * The rate at which one client sends, against the least that is asked of it. Only the time counts in which the server waits for
 * the client, so that no client is blamed for a slow disk. Safe for threads.
 */
final class MinimumRate {

    private final Limits limits;
    /** When the server began to wait; if it does not, when it last stopped. */
    private long since;
    private boolean waiting;
    private long waited;
    private long bytes;

    /**
     * The least that is asked of clients.
     *
     * @param bytesPerSecond on average over a time of {@code idle}
     * @param idle how long a client may send nothing at all
     */
    record Limits(long bytesPerSecond, Duration idle) {
    }

    MinimumRate(final Limits limits) {
        this.limits = limits;
    }

    /** The server begins to wait for the client. */
    synchronized void waiting(final long nanoTime) {
        waiting = true;
        since = nanoTime;
    }

    /** The server stops waiting, until {@link #waiting}. */
    synchronized void resumed(final long nanoTime) {
        if (waiting) {
            waited += nanoTime - since;
            waiting = false;
        }
    }

    /** Counts bytes that came. */
    synchronized void received(final int count) {
        bytes += count;
    }

    /** How long a client may send nothing at all. */
    Duration idle() {
        return limits.idle();
    }

    /** Whether the client is too slow, or has been silent for too long; to be asked several times within the idle time. */
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
