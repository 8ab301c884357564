package org.dropzonebackup.core.auth;

import java.time.Duration;
import java.util.Optional;

/**
 * A period in which guesses are refused. Each lockout lasts twice as long as the one before it, up to a maximum; after an
 * hour without one, the next is short again. Immutable.
 *
 * @param until when it ends, by a clock such as {@link System#nanoTime()}
 * @param count how many there were in a row; 0 for {@link #NONE}
 */
record Lockout(long until, int count) {

    static final Lockout NONE = new Lockout(0, 0);
    private static final Duration RESET_AFTER = Duration.ofHours(1);
    private static final int MAX_DOUBLINGS = 20;

    /** How long it still lasts; empty if it is over. */
    Optional<Duration> remaining(final long now) {
        return count > 0 && until - now > 0 ? Optional.of(Duration.ofNanos(until - now)) : Optional.empty();
    }

    /** The lockout that follows this one if it begins at {@code begin}. */
    Lockout next(final long begin, final Duration first, final Duration longest) {
        final boolean inARow = count > 0 && begin - until < RESET_AFTER.toNanos();
        final int doublings = inARow ? Math.min(count, MAX_DOUBLINGS) : 0;
        return new Lockout(begin + Math.min(first.toNanos() << doublings, longest.toNanos()), doublings + 1);
    }

    /** When it no longer makes the next one longer, and may be forgotten. */
    long expiresAt() {
        return until + RESET_AFTER.toNanos();
    }
}
