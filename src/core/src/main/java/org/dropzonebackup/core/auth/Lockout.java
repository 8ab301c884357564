package org.dropzonebackup.core.auth;

import java.time.Duration;
import java.util.Optional;

/**
 * A time for which guesses are refused: twice as long each time that it begins again, up to a longest, and short again
 * after there was none for an hour. Immutable.
 *
 * @param until when it ends, by a clock such as {@link System#nanoTime()}
 * @param times how often it began in a row; 0: never
 */
record Lockout(long until, int times) {

    static final Lockout NONE = new Lockout(0, 0);
    private static final Duration FORGOTTEN = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 20;

    Optional<Duration> left(final long now) {
        return times > 0 && until - now > 0 ? Optional.of(Duration.ofNanos(until - now)) : Optional.empty();
    }

    /** The one after this, if it is to begin. */
    Lockout next(final long begin, final Duration first, final Duration longest) {
        final boolean inARow = times > 0 && begin - until < FORGOTTEN.toNanos();
        final int doublings = inARow ? Math.min(times, MOST_DOUBLINGS) : 0;
        return new Lockout(begin + Math.min(first.toNanos() << doublings, longest.toNanos()), doublings + 1);
    }

    /** When nothing has to be known of it any more. */
    long forgottenAt() {
        return until + FORGOTTEN.toNanos();
    }
}
