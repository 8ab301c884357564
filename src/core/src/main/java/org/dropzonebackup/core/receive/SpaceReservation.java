package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.util.Optional;
import org.dropzonebackup.core.policy.Reservation;
import org.dropzonebackup.core.policy.SpaceLedger;
import org.dropzonebackup.core.refusal.Refusal.QuotaExceeded;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;

/**
 * The space for one file or body: of the quota of its drop box, and of the device. Belongs to one request; not safe for
 * threads.
 */
final class SpaceReservation implements AutoCloseable {

    private final DropBox box;
    private final Reservation space;
    private final Optional<Reservation> quota;
    /** Whether a count of what is used sees the bytes as soon as they are written, and not only the published file. */
    private final boolean seenAtOnce;
    private long inQuota;
    private long onDevice;
    /** Bytes that are counted already, and written over first. */
    private long writtenOver;

    /** For what is invisible until it is published. */
    SpaceReservation(final Receiver receiver, final Directory directory, final DropBox box) {
        this(receiver, directory, box, false, 0, 0);
    }

    private SpaceReservation(final Receiver receiver, final Directory directory, final DropBox box, final boolean seenAtOnce,
            final long inQuota, final long onDevice) {
        this.box = box;
        this.space = receiver.reserveSpace(directory);
        this.quota = box.quota().isPresent() ? Optional.of(receiver.reserveQuota(directory, box.quota())) : Optional.empty();
        this.seenAtOnce = seenAtOnce;
        this.inQuota = inQuota;
        this.onDevice = onDevice;
    }

    /**
     * For an upload resource.
     *
     * @param counted bytes that the quota counts for it already
     * @param there bytes that are on the device already
     * @param from where writing goes on; what is there behind is written over
     */
    static SpaceReservation ofResource(final Receiver receiver, final Directory directory, final DropBox box, final long counted,
            final long there, final long from) {
        final SpaceReservation room = new SpaceReservation(receiver, directory, box, true, counted, there);
        room.writtenOver = there - from;
        return room;
    }

    boolean isMadeFor(final long bytes) {
        return bytes <= inQuota && bytes <= onDevice;
    }

    /**
     * Reserves what is missing for so many bytes in all. If nothing is, it is only asked whether there is too little
     * already.
     *
     * @throws RefusedException if that is too much; what was reserved before is still
     */
    void makeFor(final long bytes) throws RefusedException, IOException {
        makeInQuotaFor(bytes);
        final long missing = Math.max(0, bytes - onDevice);
        if (!space.grow(missing)) {
            throw new RefusedException(new StorageFull(missing));
        }
        onDevice += missing;
    }

    /** The same of the quota alone, for bytes that are on the device. */
    void makeInQuotaFor(final long bytes) throws RefusedException, IOException {
        final long missing = Math.max(0, bytes - inQuota);
        if (quota.isPresent() && !quota.get().grow(missing)) {
            final long wanted = missing > 0 ? missing : bytes;
            throw new RefusedException(box.strangers().isPresent() ? new StorageFull(wanted)
                    : new QuotaExceeded(box.quota().getAsLong(), quota.get().left(), wanted));
        }
        inQuota += missing;
    }

    /** Writes bytes for which there is room. */
    <X extends Exception> void write(final long bytes, final SpaceLedger.Publication<X> writing) throws X, IOException {
        final long over = Math.min(bytes, writtenOver);
        final long counted = seenAtOnce && quota.isPresent() ? Math.min(bytes - over, quota.get().held()) : 0;
        if (counted > 0) {
            quota.get().settle(counted, counted, writing);
        } else {
            writing.run();
        }
        writtenOver -= over;
        space.settle(bytes - over);
    }

    /** Makes visible to whoever counts what is reserved of the quota. */
    <X extends Exception> void settle(final SpaceLedger.Publication<X> publication) throws X, IOException {
        if (quota.isPresent()) {
            quota.get().settle(quota.get().held(), inQuota, publication);
        } else {
            publication.run();
        }
    }

    /** Something was removed or replaced, that the quota counted. */
    void forgetRemoved() {
        quota.ifPresent(Reservation::forgetRemoved);
    }

    /** Something that was replaced is back: the next one who needs room counts again. */
    void forgetMeasurement() {
        quota.ifPresent(Reservation::forgetMeasurement);
    }

    /** Gives back what was reserved and not used. */
    @Override
    public void close() {
        quota.ifPresent(Reservation::close);
        space.close();
    }
}
