package org.dropzonebackup.core.challenge;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.auth.Network;
import org.dropzonebackup.core.refusal.Refusal.TooManyUploads;
import org.dropzonebackup.core.refusal.RefusedException;

/** So many files an hour from one network: at once if they will, then evenly. Safe for threads. */
public final class HourlyLimit {

    private final long limit;
    private final RateLimiter taken;

    /**
     * @param limit files
     * @param nanoTime a clock that nobody sets, such as {@link System#nanoTime()}
     */
    public HourlyLimit(final long limit, final LongSupplier nanoTime) {
        this.limit = limit;
        this.taken = new RateLimiter(limit, Duration.ofHours(1).dividedBy(limit), nanoTime);
    }

    /**
     * Lets an upload begin if a file of it could.
     *
     * @throws RefusedException with {@link TooManyUploads}
     */
    public void check(final InetAddress from) throws RefusedException {
        refuse(taken.closedFor(Network.of(from)));
    }

    /**
     * Counts a file, whatever becomes of it.
     *
     * @throws RefusedException with {@link TooManyUploads}; it is not counted then
     */
    public void take(final InetAddress from) throws RefusedException {
        refuse(taken.take(Network.of(from)));
    }

    private void refuse(final Optional<Duration> wait) throws RefusedException {
        if (wait.isPresent()) {
            throw new RefusedException(new TooManyUploads(limit, wait.get()));
        }
    }
}
