package org.dropzonebackup.core.policy;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.threads.SharedRun;

/**
 * Keeps parallel uploads together below one limit of space: bytes are reserved before they are used.
 *
 * <p>What is in use is measured (files counted, a file system asked) and not only added up, so that what others put
 * there or removed counts too. A measurement that took long is trusted for fifty times as long, so that measuring never
 * takes more than a fiftieth of the time; nothing is ever refused on an old one. Safe for threads.
 *
 * <h2>Measuring beside publications</h2>
 * No lock is held while anything is measured or published: both take as long as the device does, and one publication may
 * wait for another. So a measurement may or may not have seen what was published while it ran. What was settled meanwhile
 * is added to it, so it never tells too little; the bytes in doubt are what it may tell too much. What is added up is kept
 * as long as it lies between the two. Bytes are given out at once if they fit in any case, and refused at once if they fit
 * in none. In between it is measured again, and when that does not settle it, what is added up decides.
 */
public final class SpaceLedger {

    private static final int TRUST = 50;
    private static final int MOST_MEASUREMENTS = 3;
    /** Bytes; more than there are anywhere, and little enough to be added up. */
    private static final long ALL = Long.MAX_VALUE / 4;

    private final Gauge gauge;
    private final LongSupplier nanoTime;
    private final SharedRun measuring = new SharedRun(this::measure);

    /** In use, as it is added up. */
    private long used;
    /** How many bytes more than that may be in use, as far as the last measurement tells. */
    private long more;
    /** How many bytes fewer may be. */
    private long fewer;
    private long reserved;
    /** Bytes that are being published. */
    private long underWay;
    /** Since the measurement began that began last: bytes that were settled, and those that it may have seen or not. */
    private long settled;
    private long doubtful;
    /** Whether it may have missed something, and so tell too little. */
    private boolean voided;
    private long measuredAt;
    private long trustedFor = -1;

    /**
     * @param gauge measures what is in use
     * @param nanoTime a clock such as {@link System#nanoTime()}
     */
    public SpaceLedger(final Gauge gauge, final LongSupplier nanoTime) {
        this.gauge = gauge;
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
    boolean tryReserve(final long bytes, final long limit) throws IOException {
        int measurements = 0;
        Optional<Boolean> reservation = decide(bytes, limit, measurements, nanoTime.getAsLong());
        while (reservation.isEmpty()) {
            measuring.run();
            measurements++;
            reservation = decide(bytes, limit, measurements, nanoTime.getAsLong());
        }
        return reservation.get();
    }

    /** @return whether they are reserved; nothing if that takes another measurement */
    private synchronized Optional<Boolean> decide(final long bytes, final long limit, final int measurements, final long now) {
        final long left = limit - used - reserved;
        final boolean known = trustedFor >= 0 && (measurements > 0 || now - measuredAt <= trustedFor);
        final boolean last = measurements == MOST_MEASUREMENTS;
        if (known && (bytes <= left - more || last && bytes <= left)) {
            reserved += bytes;
            return Optional.of(true);
        }
        return last || measurements > 0 && bytes - left > fewer ? Optional.of(false) : Optional.empty();
    }

    private void measure() throws IOException {
        final long start = nanoTime.getAsLong();
        beginMeasurement();
        final long seen = gauge.read();
        endMeasurement(seen, start, nanoTime.getAsLong());
    }

    private synchronized void beginMeasurement() {
        settled = 0;
        doubtful = underWay;
        voided = false;
    }

    private synchronized void endMeasurement(final long seen, final long start, final long end) {
        final long most = seen + settled;
        final long least = most - doubtful;
        if (used < least || used > most) {
            used = most;
        }
        more = most - used;
        fewer = used - least;
        measuredAt = end;
        trustedFor = voided ? -1 : TRUST * (end - start);
    }

    /** Bytes that are left of the limit, as they are added up. */
    synchronized long left(final long limit) {
        return Math.max(0, limit - used - reserved);
    }

    /** Gives reserved bytes back. */
    synchronized void release(final long bytes) {
        reserved -= bytes;
    }

    /** Reserved bytes are in use now. A measurement that saw them already counts them twice until the next one. */
    synchronized void settle(final long bytes) {
        reserved -= bytes;
        used += bytes;
        settled += bytes;
        doubtful = Math.min(ALL, doubtful + bytes);
    }

    /**
     * Turns reserved bytes into used ones.
     *
     * @param bytes how many of the reserved bytes are in use afterwards
     * @param seen how many bytes of what is published a measurement may see meanwhile, or not
     */
    <X extends Exception> void settle(final long bytes, final long seen, final Publication<X> publication) throws X, IOException {
        begin(seen);
        boolean published = false;
        try {
            publication.run();
            published = true;
        } finally {
            end(published ? bytes : 0, seen);
        }
    }

    private synchronized void begin(final long seen) {
        underWay += seen;
        doubtful = Math.min(ALL, doubtful + seen);
    }

    private synchronized void end(final long bytes, final long seen) {
        underWay -= seen;
        reserved -= bytes;
        used += bytes;
        settled += bytes;
    }

    /** Something was removed or replaced: a measurement that is running may tell any number of bytes too much. */
    synchronized void forgetRemoved() {
        doubtful = ALL;
    }

    /** Something is back that a measurement has not seen: nothing is given out before there was a new one. */
    synchronized void forgetMeasurement() {
        doubtful = ALL;
        voided = true;
        trustedFor = -1;
    }
}
