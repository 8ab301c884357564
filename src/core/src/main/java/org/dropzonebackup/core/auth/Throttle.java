package org.dropzonebackup.core.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts failed logins by address: more than ten within five minutes close it until there are ten again. An IPv6
 * address counts as its /64, since that is what one attacker has. Bounded; safe for threads.
 */
final class Throttle {

    private static final int ALLOWED = 10;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int MOST_ADDRESSES = 100_000;

    private final LongSupplier nanoTime;
    private final Cache<ByteBuffer, Deque<Long>> failures;

    Throttle(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.failures = Caffeine.newBuilder()
                .maximumSize(MOST_ADDRESSES)
                .expireAfterWrite(WINDOW)
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /** How long an address is closed, if it is. */
    Optional<Duration> closedFor(final InetAddress address) {
        final Deque<Long> times = failures.getIfPresent(key(address));
        if (times == null) {
            return Optional.empty();
        }
        synchronized (times) {
            forgetOld(times);
            // Only the latest ones are kept: the first of eleven opens the address when it leaves the window
            return times.size() <= ALLOWED ? Optional.empty()
                    : Optional.of(WINDOW.minusNanos(nanoTime.getAsLong() - times.getFirst()));
        }
    }

    void countFailure(final InetAddress address) {
        failures.asMap().compute(key(address), (key, present) -> {
            final Deque<Long> times = present == null ? new ArrayDeque<>(ALLOWED + 1) : present;
            synchronized (times) {
                times.addLast(nanoTime.getAsLong());
                while (times.size() > ALLOWED + 1) {
                    times.removeFirst();
                }
            }
            return times;
        });
    }

    private void forgetOld(final Deque<Long> times) {
        final long now = nanoTime.getAsLong();
        while (!times.isEmpty() && now - times.getFirst() >= WINDOW.toNanos()) {
            times.removeFirst();
        }
    }

    private static ByteBuffer key(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
