package org.dropzonebackup.core.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.users.UserName;

/**
 * Counts failed logins by user name, whether there is such a user or not: more than fifty at once, or ten a minute, close
 * the name for half a minute, then for longer each time, up to a quarter of an hour. When it opens, one more closes it
 * again, until some time has passed without. Safe for threads.
 *
 * <p>Names share the counters of a table that never grows, by a keyed hash: nothing is ever evicted, so inventing names
 * brings nobody forward, and nobody can aim at the counter of a name but by that name.
 */
final class NameThrottle {

    private static final int ALLOWED = 50;
    private static final Duration EACH = Duration.ofSeconds(6);
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int COUNTERS = 1 << 16;

    private final LongSupplier nanoTime;
    private final KeyedHash hash = new KeyedHash();
    private final Counter[] counters = new Counter[COUNTERS];

    private record Counter(LeakyBucket failures, Lockout closing) {

        private static final Counter ZERO = new Counter(LeakyBucket.EMPTY, Lockout.NONE);

        Counter add(final long now) {
            final LeakyBucket more = failures.add(now, EACH);
            if (!more.exceeds(now, EACH.multipliedBy(ALLOWED))) {
                return new Counter(more, closing);
            }
            // Nothing leaks out meanwhile: what is in it is still there when the name opens again
            final Lockout next = closing.next(now, FIRST, LONGEST);
            return new Counter(LeakyBucket.EMPTY.add(next.until(), EACH.multipliedBy(ALLOWED)), next);
        }
    }

    NameThrottle(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How long a name is closed, if it is. */
    synchronized Optional<Duration> closedFor(final UserName name) {
        final Counter counter = counters[slot(name)];
        return counter == null ? Optional.empty() : counter.closing().left(nanoTime.getAsLong());
    }

    /** Not of a name that is closed: guesses that were under way before are no reason to close it for longer. */
    synchronized void countFailure(final UserName name) {
        if (closedFor(name).isEmpty()) {
            final int slot = slot(name);
            final Counter before = counters[slot] == null ? Counter.ZERO : counters[slot];
            counters[slot] = before.add(nanoTime.getAsLong());
        }
    }

    private int slot(final UserName name) {
        return hash.of(name.value()).getInt(0) & COUNTERS - 1;
    }
}
