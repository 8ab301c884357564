package org.dropzonebackup.core.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Counts failed logins by address: more than ten within five minutes close it, at first until there are ten again, then
 * for longer each time, up to an hour. Safe for threads.
 *
 * <p>Both tables are bounded. To have a counter forgotten, a hundred thousand other addresses must fail meanwhile, each
 * of which could have guessed ten times instead; to have a closed address forgotten, as many must be closed.
 */
final class AddressThrottle {

    private static final int ALLOWED = 10;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_ADDRESSES = 100_000;

    private final LongSupplier nanoTime;
    /** Times of the failures within the window. */
    private final Cache<Network, long[]> failures;
    /** Apart, as they would not outlast a flood of new entries in one table, however often they were met. */
    private final Cache<Network, Lockout> closings;

    AddressThrottle(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.failures = bounded().expireAfterWrite(WINDOW).build();
        this.closings = bounded().expireAfter(Expiry.<Network, Lockout>writing((from, closing) ->
                Duration.ofNanos(closing.forgottenAt() - nanoTime.getAsLong()))).build();
    }

    private Caffeine<Object, Object> bounded() {
        // Not cleaned up by threads that outlive the application in a container
        return Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).ticker(nanoTime::getAsLong).executor(Runnable::run);
    }

    /** How long an address is closed, if it is. */
    Optional<Duration> closedFor(final Network from) {
        return Optional.ofNullable(closings.getIfPresent(from)).flatMap(closing -> closing.left(nanoTime.getAsLong()));
    }

    /** To be called while the address is open only: no more than eleven count within five minutes. */
    void countFailure(final Network from) {
        final long now = nanoTime.getAsLong();
        final long[] latest = failures.asMap().compute(from, (same, before) -> LongStream.concat(
                Arrays.stream(before == null ? new long[0] : before).filter(time -> now - time < WINDOW.toNanos()),
                LongStream.of(now)).toArray());
        if (latest.length > ALLOWED) {
            // The first of eleven opens the address when it leaves the window
            closings.asMap().compute(from, (same, before) ->
                    (before == null ? Lockout.NONE : before).next(latest[0], WINDOW, LONGEST));
        }
    }
}
