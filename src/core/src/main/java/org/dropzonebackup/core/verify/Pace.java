package org.dropzonebackup.core.verify;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How fast files are read. */
@FunctionalInterface
public interface Pace {

    /** As fast as can be. */
    Pace UNLIMITED = bytes -> {
    };

    /**
     * Waits until some more bytes of a file may be read.
     *
     * @throws InterruptedException if nothing is to be read any more
     */
    void await(long bytes) throws InterruptedException;

    /** So many bytes in a second, on average over the last one. Belongs to one thread. */
    static Pace ofRate(final long bytesPerSecond, final LongSupplier nanoTime) {
        final long second = TimeUnit.SECONDS.toNanos(1);
        final long[] due = {nanoTime.getAsLong()};
        return bytes -> {
            final long now = nanoTime.getAsLong();
            final long ahead = due[0] - now;
            if (ahead > 0) {
                TimeUnit.NANOSECONDS.sleep(ahead);
            }
            due[0] = Math.max(due[0], now - second) + (long) ((double) bytes / bytesPerSecond * second);
        };
    }
}
