package org.dropzonebackup.core.policy;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Keeps parallel uploads together below one limit of space: bytes are reserved before they are used.
 *
 * <p>What is in use is measured (files counted, a file system asked) and not only added up, so that what others put
 * there or removed counts too. A measurement that took long is trusted for fifty times as long, so that measuring never
 * takes more than a fiftieth of the time; nothing is ever refused on an old one. Safe for threads.
 */
public final class SpaceLedger {

    private static final int TRUST = 50;

    private final Gauge used;
    private final LongSupplier nanoTime;

    private long measured;
    private long measuredAt;
    private long trustedFor = -1;
    private long reserved;

    /**
     * @param used measures what is in use
     * @param nanoTime a clock such as {@link System#nanoTime()}
     */
    public SpaceLedger(final Gauge used, final LongSupplier nanoTime) {
        this.used = used;
        this.nanoTime = nanoTime;
        this.measuredAt = nanoTime.getAsLong();
    }

    /** Measures the bytes that are in use, reservations not included. */
    @FunctionalInterface
    public interface Gauge {
        /**
         * @return bytes
         * @throws IOException if they cannot be measured
         */
        long read() throws IOException;
    }

    /** Makes reserved bytes into used ones. */
    @FunctionalInterface
    public interface Publication<X extends Exception> {
        /**
         * @throws X if nothing was published
         * @throws IOException if nothing was published
         */
        void run() throws X, IOException;
    }

    /**
     * Reserves bytes if they fit.
     *
     * @param bytes how many
     * @param limit the most bytes that may be in use and reserved together
     * @return whether they are reserved
     * @throws IOException if what is in use cannot be measured; nothing is reserved then
     */
    synchronized boolean tryReserve(final long bytes, final long limit) throws IOException {
        if (nanoTime.getAsLong() - measuredAt > trustedFor || bytes > limit - measured - reserved) {
            measure();
        }
        if (bytes > limit - measured - reserved) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    /** Bytes that were left of the limit at the last measurement. */
    synchronized long left(final long limit) {
        return Math.max(0, limit - measured - reserved);
    }

    /** Gives reserved bytes back. */
    synchronized void release(final long bytes) {
        reserved -= bytes;
    }

    /** Reserved bytes are in use now. A measurement that saw them already counts them twice until it is too old. */
    synchronized void settle(final long bytes) {
        reserved -= bytes;
        measured += bytes;
    }

    /** Turns reserved bytes into used ones; no measurement runs meanwhile, so that none sees them twice or not at all. */
    synchronized <X extends Exception> void settle(final long bytes, final Publication<X> publication)
            throws X, IOException {
        publication.run();
        reserved -= bytes;
        measured += bytes;
    }

    /** Makes the next reservation measure again: something was removed or replaced. */
    synchronized void forgetMeasurement() {
        trustedFor = -1;
    }

    private void measure() throws IOException {
        final long start = nanoTime.getAsLong();
        measured = used.read();
        measuredAt = nanoTime.getAsLong();
        trustedFor = TRUST * (measuredAt - start);
    }
}
