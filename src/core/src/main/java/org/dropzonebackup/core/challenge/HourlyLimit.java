package org.dropzonebackup.core.challenge;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.auth.Network;
import org.dropzonebackup.core.refusal.Refusal.TooManyUploads;
import org.dropzonebackup.core.refusal.RefusedException;

/** A limit on the files per hour from one network: all of them at once, then evenly spread. Safe for threads. */
public final class HourlyLimit {

    private final long limit;
    private final RateLimiter limiter;

    /**
     * @param limit files per hour
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public HourlyLimit(final long limit, final LongSupplier nanoTime) {
        this.limit = limit;
        this.limiter = new RateLimiter(limit, Duration.ofHours(1).dividedBy(limit), nanoTime);
    }

    /**
     * Checks, without counting, whether the next file would be allowed.
     *
     * @throws RefusedException with {@link TooManyUploads}
     */
    public void check(final InetAddress from) throws RefusedException {
        refuse(limiter.retryAfter(Network.of(from)));
    }

    /**
     * Counts a file, even if its upload fails later.
     *
     * @throws RefusedException with {@link TooManyUploads}; the file is not counted then
     */
    public void take(final InetAddress from) throws RefusedException {
        refuse(limiter.tryAcquire(Network.of(from)));
    }

    private void refuse(final Optional<Duration> wait) throws RefusedException {
        if (wait.isPresent()) {
            throw new RefusedException(new TooManyUploads(limit, wait.get()));
        }
    }
}
