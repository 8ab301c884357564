package org.dropzonebackup.core.challenge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.auth.LeakyBucket;
import org.dropzonebackup.core.auth.Network;

/**
 * A rate limiter with a {@link LeakyBucket} per network. Safe for threads.
 *
 * <p>The number of networks is bounded: to have one forgotten, fifty thousand others must send something.
 */
final class RateLimiter {

    private static final int MAX_NETWORKS = 50_000;

    private final Duration interval;
    private final Duration capacity;
    private final LongSupplier nanoTime;
    private final Cache<Network, LeakyBucket> buckets;

    /**
     * @param burst how many events are allowed at once
     * @param interval the time after which one more is allowed
     */
    RateLimiter(final long burst, final Duration interval, final LongSupplier nanoTime) {
        this.interval = interval;
        this.capacity = interval.multipliedBy(burst);
        this.nanoTime = nanoTime;
        // The caller's thread cleans up: a pool's threads would outlive the application in a container
        this.buckets = Caffeine.newBuilder().maximumSize(MAX_NETWORKS).expireAfterWrite(capacity)
                .ticker(nanoTime::getAsLong).executor(Runnable::run).build();
    }

    /** How many events of a network count now. */
    long count(final Network from) {
        final long now = nanoTime.getAsLong();
        return (bucket(from, now).level(now) + interval.toNanos() - 1) / interval.toNanos();
    }

    /** How long a network has to wait for its next event; empty if it need not. */
    Optional<Duration> retryAfter(final Network from) {
        final long now = nanoTime.getAsLong();
        final long excess = bucket(from, now).level(now) + interval.toNanos() - capacity.toNanos();
        return excess <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos(excess));
    }

    /**
     * Counts an event if it is allowed.
     *
     * @return empty if it was counted; else how long the network has to wait
     */
    synchronized Optional<Duration> tryAcquire(final Network from) {
        final Optional<Duration> wait = retryAfter(from);
        if (wait.isEmpty()) {
            final long now = nanoTime.getAsLong();
            buckets.put(from, bucket(from, now).add(now, interval));
        }
        return wait;
    }

    private LeakyBucket bucket(final Network from, final long now) {
        final LeakyBucket known = buckets.getIfPresent(from);
        return known == null ? LeakyBucket.empty(now) : known;
    }
}
