package org.dropzonebackup.core.challenge;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.auth.Network;

/**
 * The difficulty of a network's next challenge. It doubles with every twenty challenges that the network asked for, up to 64
 * times, and one of these is forgotten every half minute. Challenges count when they are asked for, not when they are
 * solved, so that nobody can collect easy ones in advance. Safe for threads.
 */
final class Difficulty {

    private static final int DOUBLING = 20;
    private static final int MAX_DOUBLINGS = 6;
    private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

    private final long easiest;
    private final RateLimiter issued;

    /**
     * @param easiest the largest number of an easy challenge
     */
    Difficulty(final long easiest, final LongSupplier nanoTime) {
        this.easiest = easiest;
        this.issued = new RateLimiter(DOUBLING * (MAX_DOUBLINGS + 1L), FORGOTTEN_AFTER, nanoTime);
    }

    /** The largest number of the next challenge, which counts from now on. */
    long next(final Network from) {
        final long before = issued.count(from);
        issued.tryAcquire(from);
        return easiest << Math.min(MAX_DOUBLINGS, before / DOUBLING);
    }
}
