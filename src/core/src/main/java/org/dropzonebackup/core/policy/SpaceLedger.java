package org.dropzonebackup.core.policy;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.threads.GroupCommit;

/**
 * The bytes of one limited space that are in use or reserved. Uploads reserve bytes before they use them, so that together they
 * stay below the limit.
 *
 * <p>The bytes in use are measured (by counting files, or by asking a file system) and not only added up, so that what others
 * store or remove counts too. A measurement is trusted for fifty times as long as it took, so that measuring takes at most a
 * fiftieth of the time. No reservation is refused on an old measurement. Safe for threads.
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
    private final GroupCommit measuring = new GroupCommit(this::measure);

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
    public boolean tryReserve(final long bytes, final long limit) throws IOException {
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

    /** Bytes below the limit that are neither in use nor reserved. */
    public synchronized long left(final long limit) {
        return Math.max(0, limit - used - reserved);
    }

    /** Gives reserved bytes back. */
    public synchronized void release(final long bytes) {
        reserved -= bytes;
    }

    /** Turns reserved bytes into used ones. A measurement that has seen them already counts them twice until the next one. */
    public synchronized void settle(final long bytes) {
        reserved -= bytes;
        used += bytes;
        settled += bytes;
        doubtful = Math.min(ALL, doubtful + bytes);
    }

    /**
     * Runs a publication and turns reserved bytes into used ones. No lock is held while it runs.
     *
     * @param bytes how many of the reserved bytes are in use afterwards
     * @param seen how many published bytes a measurement may or may not see meanwhile
     * @param publication makes them visible
     * @throws X if the publication throws it; the bytes stay reserved
     * @throws IOException if the publication throws it; the bytes stay reserved
     */
    public <X extends Exception> void settle(final long bytes, final long seen, final Publication<X> publication)
            throws X, IOException {
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

    /** Says that something was removed or replaced: a measurement that is running may tell any number of bytes too much. */
    public synchronized void forgetRemoved() {
        doubtful = ALL;
    }

    /** Says that something may be there that no measurement has seen: the next reservation measures again. */
    public synchronized void forgetMeasurement() {
        doubtful = ALL;
        voided = true;
        trustedFor = -1;
    }
}
