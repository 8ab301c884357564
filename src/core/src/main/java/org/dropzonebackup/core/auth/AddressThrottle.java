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
 * Locks out addresses with too many failed logins: more than ten within five minutes lock an address out until fewer are
 * left in the window, then for longer each time, up to an hour. Safe for threads.
 *
 * <p>Both tables are bounded. To push a counter out, an attacker needs failures from a hundred thousand other addresses,
 * each of which could have guessed ten times instead; to push a lockout out, as many locked-out addresses.
 */
final class AddressThrottle {

    private static final int ALLOWED = 10;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration MAX_LOCKOUT = Duration.ofHours(1);
    private static final int MAX_ADDRESSES = 100_000;

    private final LongSupplier nanoTime;
    /** The times of the failures within the window. */
    private final Cache<Network, long[]> failures;
    /** In a table of its own: in a shared one, a flood of new counters would evict lockouts, however often they are read. */
    private final Cache<Network, Lockout> lockouts;

    AddressThrottle(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.failures = bounded().expireAfterWrite(WINDOW).build();
        this.lockouts = bounded().expireAfter(Expiry.<Network, Lockout>writing((from, lockout) ->
                Duration.ofNanos(lockout.expiresAt() - nanoTime.getAsLong()))).build();
    }

    private Caffeine<Object, Object> bounded() {
        // The caller's thread cleans up: a pool's threads would outlive the application in a container
        return Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).ticker(nanoTime::getAsLong).executor(Runnable::run);
    }

    /** How long an address is still locked out; empty if it is not. */
    Optional<Duration> lockedOutFor(final Network from) {
        return Optional.ofNullable(lockouts.getIfPresent(from)).flatMap(lockout -> lockout.remaining(nanoTime.getAsLong()));
    }

    /**
     * Counts a failure. Not to be called for an address that is locked out, so that at most eleven count in five minutes.
     *
     * @return whether a lockout begins
     */
    boolean countFailure(final Network from) {
        final long now = nanoTime.getAsLong();
        final long[] latest = failures.asMap().compute(from, (same, before) -> LongStream.concat(
                Arrays.stream(before == null ? new long[0] : before).filter(time -> now - time < WINDOW.toNanos()),
                LongStream.of(now)).toArray());
        final boolean tooMany = latest.length > ALLOWED;
        if (tooMany) {
            // Counted from the oldest of the eleven, so that the lockout ends when that one leaves the window
            lockouts.asMap().compute(from, (same, before) ->
                    (before == null ? Lockout.NONE : before).next(latest[0], WINDOW, MAX_LOCKOUT));
        }
        return tooMany;
    }
}
