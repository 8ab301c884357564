package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.util.Optional;
import org.dropzonebackup.core.policy.SpaceLedger;
import org.dropzonebackup.core.refusal.Refusal.QuotaExceeded;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The space that one request has reserved for all its files, on the device and of the quota of its drop box. It grows as bytes
 * are announced or come; closing it gives back what was not used. Belongs to one request; not safe for threads.
 */
final class SpaceReservation implements AutoCloseable {

    private final DropBox box;
    private final Share device;
    private final Optional<Share> quota;
    /** Whether the quota counts bytes when they are written, as it does for upload resources, and not when they are published. */
    private final boolean countedWhenWritten;
    /** Bytes on the device that the next bytes are written over. */
    private long overwritten;

    /** One request's share of a ledger. */
    static final class Share {

        private final SpaceLedger ledger;
        private final long limit;
        /** Bytes that are reserved, or that the ledger counted before. */
        private long covered;
        /** Bytes that are reserved and not in use. */
        private long held;

        /**
         * @param limit the most bytes that may be in use and reserved together
         */
        Share(final SpaceLedger ledger, final long limit) {
            this.ledger = ledger;
            this.limit = limit;
        }

        private long missing(final long bytes) {
            return Math.max(0, bytes - covered);
        }

        /** @return whether so many bytes in all are covered now; if not, nothing has changed */
        private boolean cover(final long bytes) throws IOException {
            final long missing = missing(bytes);
            if (!ledger.tryReserve(missing, limit)) {
                return false;
            }
            covered += missing;
            held += missing;
            return true;
        }

        private void giveBack() {
            ledger.release(held);
            held = 0;
        }
    }

    /**
     * @param device the free space of the device
     * @param quota of the box, if it has one
     */
    SpaceReservation(final DropBox box, final Share device, final Optional<Share> quota) {
        this(box, device, quota, false);
    }

    private SpaceReservation(final DropBox box, final Share device, final Optional<Share> quota, final boolean countedWhenWritten) {
        this.box = box;
        this.device = device;
        this.quota = quota;
        this.countedWhenWritten = countedWhenWritten;
    }

    /**
     * The reservation for an upload resource.
     *
     * @param counted bytes that the quota counts for it already
     * @param stored bytes that are on the device already
     * @param offset where writing goes on: stored bytes behind it are written over
     */
    static SpaceReservation ofResource(final DropBox box, final Share device, final Optional<Share> quota, final long counted,
            final long stored, final long offset) {
        final SpaceReservation reservation = new SpaceReservation(box, device, quota, true);
        device.covered = stored;
        quota.ifPresent(share -> share.covered = counted);
        reservation.overwritten = stored - offset;
        return reservation;
    }

    /** Bytes on the device that are reserved, or were there before. */
    long covered() {
        return device.covered;
    }

    /** Measures what the quota counts, so that a reservation that follows soon does not wait for that. */
    void measureQuota() throws IOException {
        if (quota.isPresent()) {
            quota.get().ledger.tryReserve(0, quota.get().limit);
        }
    }

    /**
     * Reserves what is missing for so many bytes in all, if anything is.
     *
     * @throws RefusedException with {@link QuotaExceeded} or {@link StorageFull}; what was reserved before still is
     * @throws IOException if the space cannot be measured
     */
    void cover(final long bytes) throws RefusedException, IOException {
        if (device.missing(bytes) > 0 || quota.isPresent() && quota.get().missing(bytes) > 0) {
            admit(bytes);
        }
    }

    /** Does the same; where nothing is missing, refuses if more is in use already than may be. */
    void admit(final long bytes) throws RefusedException, IOException {
        admitToQuota(bytes);
        final long missing = device.missing(bytes);
        if (!device.cover(bytes)) {
            throw new RefusedException(new StorageFull(missing));
        }
    }

    /** Does the same for the quota alone, where the bytes are on the device. */
    void admitToQuota(final long bytes) throws RefusedException, IOException {
        if (quota.isPresent()) {
            final Share share = quota.get();
            final long wanted = share.missing(bytes) > 0 ? share.missing(bytes) : bytes;
            if (!share.cover(bytes)) {
                throw new RefusedException(box.strangers().isPresent() ? new StorageFull(wanted)
                        : new QuotaExceeded(share.limit, share.ledger.left(share.limit), wanted));
            }
        }
    }

    /** Writes reserved bytes to the device. */
    <X extends Exception> void write(final long bytes, final SpaceLedger.Publication<X> writing) throws X, IOException {
        final long over = Math.min(bytes, overwritten);
        final long counted = countedWhenWritten && quota.isPresent() ? Math.min(bytes - over, quota.get().held) : 0;
        if (counted > 0) {
            quota.get().ledger.settle(counted, counted, writing);
            quota.get().held -= counted;
        } else {
            writing.run();
        }
        overwritten -= over;
        device.ledger.settle(bytes - over);
        device.held -= bytes - over;
    }

    /**
     * Makes bytes visible to whoever measures what the quota counts.
     *
     * @param bytes that are visible afterwards, of those that are reserved
     */
    <X extends Exception> void settle(final long bytes, final SpaceLedger.Publication<X> publication) throws X, IOException {
        if (quota.isPresent()) {
            final Share share = quota.get();
            final long settled = Math.min(bytes, share.held);
            share.ledger.settle(settled, share.covered, publication);
            share.held -= settled;
        } else {
            publication.run();
        }
    }

    /** Says that something was removed or replaced that the quota counted. */
    void forgetRemoved() {
        quota.ifPresent(share -> share.ledger.forgetRemoved());
    }

    /** Says that something may be there that the quota has not counted: the next reservation counts again. */
    void forgetMeasurement() {
        quota.ifPresent(share -> share.ledger.forgetMeasurement());
    }

    /** Gives back what was reserved and not used. */
    @Override
    public void close() {
        quota.ifPresent(Share::giveBack);
        device.giveBack();
    }
}
