package org.dropzonebackup.core.challenge;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.auth.Network;

/**
 * How hard the next challenge of a network is: twice as hard after every twenty that it asked for, up to 64 times, and
 * easier again by one in half a minute. Counted when asked for and not when solved, so that nobody gathers easy ones in
 * advance. Safe for threads.
 */
final class Difficulty {

    private static final int EASY = 20;
    private static final int DOUBLINGS = 6;
    private static final Duration FORGOTTEN = Duration.ofSeconds(30);

    private final long least;
    private final RateLimiter asked;

    /**
     * @param least the largest number of an easy challenge
     */
    Difficulty(final long least, final LongSupplier nanoTime) {
        this.least = least;
        this.asked = new RateLimiter(EASY * (DOUBLINGS + 1L), FORGOTTEN, nanoTime);
    }

    /** The largest number of the next challenge. */
    long next(final Network from) {
        final long before = asked.count(from);
        asked.take(from);
        return least << Math.min(DOUBLINGS, before / EASY);
    }
}
