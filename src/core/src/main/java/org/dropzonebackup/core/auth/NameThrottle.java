package org.dropzonebackup.core.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.users.UserName;

/**
 * Locks out user names with too many failed logins, whether or not such a user exists: a burst of more than fifty, or more
 * than ten a minute, lock a name out for half a minute, then for longer each time, up to a quarter of an hour. After a
 * lockout, one more failure is enough for the next, until there were none for a while. Safe for threads.
 *
 * <p>Names share a fixed table of counters, addressed by a keyed hash. Nothing is ever evicted, so inventing names does not
 * reset a counter, and an attacker can hit the counter of a name only by that name.
 */
final class NameThrottle {

    private static final int ALLOWED = 50;
    private static final Duration LEAK_INTERVAL = Duration.ofSeconds(6);
    private static final Duration CAPACITY = LEAK_INTERVAL.multipliedBy(ALLOWED);
    private static final Duration FIRST_LOCKOUT = Duration.ofSeconds(30);
    private static final Duration MAX_LOCKOUT = Duration.ofMinutes(15);
    private static final int COUNTERS = 1 << 16;

    private final LongSupplier nanoTime;
    private final KeyedHash hash = new KeyedHash();
    private final Counter[] counters = new Counter[COUNTERS];

    private record Counter(LeakyBucket failures, Lockout lockout) {

        Counter add(final long now) {
            final LeakyBucket more = failures.add(now, LEAK_INTERVAL);
            if (more.level(now) <= CAPACITY.toNanos()) {
                return new Counter(more, lockout);
            }
            // The bucket does not leak during the lockout, and is full when it ends
            final Lockout next = lockout.next(now, FIRST_LOCKOUT, MAX_LOCKOUT);
            return new Counter(LeakyBucket.empty(next.until()).add(next.until(), CAPACITY), next);
        }
    }

    NameThrottle(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How long a name is still locked out; empty if it is not. */
    synchronized Optional<Duration> lockedOutFor(final UserName name) {
        final Counter counter = counters[slot(name)];
        return counter == null ? Optional.empty() : counter.lockout().remaining(nanoTime.getAsLong());
    }

    /**
     * Counts a failure, unless the name is locked out: guesses that were already under way do not extend a lockout.
     *
     * @return whether a lockout begins
     */
    synchronized boolean countFailure(final UserName name) {
        if (lockedOutFor(name).isPresent()) {
            return false;
        }
        final int slot = slot(name);
        final long now = nanoTime.getAsLong();
        final Counter before = counters[slot] == null ? new Counter(LeakyBucket.empty(now), Lockout.NONE) : counters[slot];
        counters[slot] = before.add(now);
        return !counters[slot].lockout().equals(before.lockout());
    }

    private int slot(final UserName name) {
        return hash.of(name.value()).getInt(0) & COUNTERS - 1;
    }
}
