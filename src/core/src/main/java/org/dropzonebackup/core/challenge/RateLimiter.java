package org.dropzonebackup.core.challenge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.auth.LeakyBucket;
import org.dropzonebackup.core.auth.Network;

/**
 * How much each network has taken lately: one for each time, forgotten one by one, evenly. Safe for threads.
 *
 * <p>Bounded: to have a network forgotten, fifty thousand others must take something meanwhile.
 */
final class RateLimiter {

    private static final int MOST_NETWORKS = 50_000;

    private final Duration each;
    private final Duration most;
    private final LongSupplier nanoTime;
    private final Cache<Network, LeakyBucket> taken;

    /**
     * @param most how many may be counted at once
     * @param each after what time one of them is forgotten
     */
    RateLimiter(final long most, final Duration each, final LongSupplier nanoTime) {
        this.each = each;
        this.most = each.multipliedBy(most);
        this.nanoTime = nanoTime;
        // Not cleaned up by threads that outlive the application in a container
        this.taken = Caffeine.newBuilder().maximumSize(MOST_NETWORKS).expireAfterWrite(this.most)
                .ticker(nanoTime::getAsLong).executor(Runnable::run).build();
    }

    /** How many are counted now. */
    long count(final Network from) {
        final long left = leak(taken.getIfPresent(from)).left(nanoTime.getAsLong());
        return (left + each.toNanos() - 1) / each.toNanos();
    }

    /** How long a network has to wait until another one can be counted; nothing if it need not. */
    Optional<Duration> closedFor(final Network from) {
        return wait(leak(taken.getIfPresent(from)), nanoTime.getAsLong());
    }

    /**
     * Counts one.
     *
     * @return nothing; else how long the network has to wait, and nothing has changed
     */
    Optional<Duration> take(final Network from) {
        final long now = nanoTime.getAsLong();
        final AtomicReference<Optional<Duration>> waiting = new AtomicReference<>();
        taken.asMap().compute(from, (same, before) -> {
            waiting.set(wait(leak(before), now));
            return waiting.get().isPresent() ? before : leak(before).add(now, each);
        });
        return waiting.get();
    }

    private Optional<Duration> wait(final LeakyBucket leak, final long now) {
        final long excess = leak.left(now) + each.toNanos() - most.toNanos();
        return excess <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos(excess));
    }

    private static LeakyBucket leak(final LeakyBucket known) {
        return known == null ? LeakyBucket.EMPTY : known;
    }
}
