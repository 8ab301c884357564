package org.dropzonebackup.core.policy;

import java.io.IOException;

/**
 * One upload's share of a {@link SpaceLedger}: grows as bytes come, and is given back when closed unless it was settled.
 * Belongs to one request; not safe for threads.
 */
public final class Reservation implements AutoCloseable {

    private final SpaceLedger ledger;
    private final long limit;
    private long held;

    /**
     * @param ledger whose bytes
     * @param limit the most bytes that may be in use and reserved together
     */
    public Reservation(final SpaceLedger ledger, final long limit) {
        this.ledger = ledger;
        this.limit = limit;
    }

    /**
     * Reserves more.
     *
     * @return whether the bytes are reserved now; if not, nothing has changed
     * @throws IOException if the space cannot be measured; nothing has changed then
     */
    public boolean grow(final long bytes) throws IOException {
        if (!ledger.tryReserve(bytes, limit)) {
            return false;
        }
        held += bytes;
        return true;
    }

    /** Bytes that others may still reserve. */
    public long left() {
        return ledger.left(limit);
    }

    /** Bytes that are reserved now. */
    public long held() {
        return held;
    }

    /**
     * Publishes what was reserved for. Nothing is locked meanwhile: the publication may wait for the device, and for other
     * publications.
     *
     * @param bytes how many of the reserved bytes are in use afterwards
     * @param seen how many bytes of what is published whoever measures may see meanwhile, or not
     * @param publication makes them visible
     * @throws X if the publication throws it; the reservation stands as before then
     * @throws IOException if the publication throws it; the reservation stands as before then
     */
    public <X extends Exception> void settle(final long bytes, final long seen, final SpaceLedger.Publication<X> publication)
            throws X, IOException {
        ledger.settle(bytes, seen, publication);
        held -= bytes;
    }

    /**
     * Reserved bytes were written. Who measured just before counts them twice: that errs on the safe side.
     */
    public void settle(final long bytes) {
        ledger.settle(bytes);
        held -= bytes;
    }

    /** Something that was counted is gone, or replaced. */
    public void forgetRemoved() {
        ledger.forgetRemoved();
    }

    /** Something is back that whoever measured meanwhile has not counted: the next reservation of anybody measures again. */
    public void forgetMeasurement() {
        ledger.forgetMeasurement();
    }

    /** Gives back what is still held. */
    @Override
    public void close() {
        ledger.release(held);
        held = 0;
    }
}
