package org.dropzonebackup.core.auth;

import java.time.Duration;

/**
 * A bucket with a leak: what is put into it runs out evenly, a second in a second. Immutable.
 *
 * @param filled whether anything was ever put into it
 * @param emptyAt when it is empty, by a clock such as {@link System#nanoTime()}
 */
public record LeakyBucket(boolean filled, long emptyAt) {

    /** Nothing was ever put into it. */
    public static final LeakyBucket EMPTY = new LeakyBucket(false, 0);

    /** The same with more in it. */
    public LeakyBucket add(final long now, final Duration amount) {
        return new LeakyBucket(true, now + left(now) + amount.toNanos());
    }

    boolean exceeds(final long now, final Duration amount) {
        return left(now) > amount.toNanos();
    }

    /** Nanoseconds until it is empty. */
    public long left(final long now) {
        return filled ? Math.max(0, emptyAt - now) : 0;
    }
}
