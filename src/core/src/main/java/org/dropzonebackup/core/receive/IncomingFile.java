package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.SizeLimits;
import org.dropzonebackup.core.refusal.Refusal.DigestMismatch;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Entry;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedUpload;

/**
 * One file of a request, from its announcement to its receipt. Not safe for threads.
 */
final class IncomingFile implements AutoCloseable {

    private final Receiver receiver;
    private final Directory directory;
    private final Announcement announced;
    private final DropBox box;
    private final Naming naming;
    private final SizeLimits sizes;
    private final Hashing hashing;
    /** With what is stored under the name. */
    private final Comparison comparison;
    private long size;

    /** Whether the bytes come before what is stored is compared with them. */
    private boolean comparedLast;
    /** Null where only the very file that is stored is accepted: what comes is compared and not kept. */
    private StagedUpload staged;
    /** Null until it is published. */
    private Receipt receipt;
    /** Whether it is visible and not confirmed. */
    private boolean published;

    /** Null as long as {@link #staged} is. */
    private SpaceReservation room;
    private Foresight foresight = expected -> { };

    IncomingFile(final Receiver receiver, final Directory directory, final DropBox box, final Announcement announced)
            throws RefusedException {
        this(receiver, directory, box, announced, new Hashing(announced.digests(), receiver.helpers()));
        box.pass();
    }

    private IncomingFile(final Receiver receiver, final Directory directory, final DropBox box, final Announcement announced,
            final Hashing hashing) throws RefusedException {
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.announced = announced;
        this.hashing = hashing;
        this.comparison = new Comparison(receiver.helpers());
        this.naming = new Naming(receiver, box, announced);
        this.sizes = box.sizes(receiver.limits());
    }

    /** Is told of a file before it is published, with the receipt that it is going to have. */
    interface Foresight {
        void expect(Receipt receipt) throws IOException;
    }

    /**
     * The file of an upload resource, with the bytes that came in earlier requests.
     *
     * @param staged its bytes; closed by this
     * @param room for it; closed by this
     * @param hashing of its bytes, or of the first of them
     * @param foreseen the receipt that an earlier attempt to publish it was going to give
     * @param foresight is told of the next
     */
    static IncomingFile resumed(final Receiver receiver, final Directory directory, final DropBox box,
            final Announcement announced, final PendingUpload staged, final SpaceReservation room, final Hashing hashing,
            final Optional<Receipt> foreseen, final Foresight foresight) throws RefusedException {
        final IncomingFile arrival = new IncomingFile(receiver, directory, box, announced, hashing);
        if (foreseen.isPresent()) {
            arrival.naming.foreseen(foreseen.get().name());
        }
        arrival.room = room;
        arrival.size = staged.state().offset();
        arrival.staged = staged;
        arrival.comparedLast = arrival.isComparable() && box.strangers().isEmpty();
        arrival.foresight = foresight;
        return arrival;
    }

    FileName name() {
        return naming.name();
    }

    /** Bytes; none if nobody knows. */
    long announcedLength() {
        return announced.length().orElse(0);
    }

    /** Bytes that came. */
    long size() {
        return size;
    }

    /**
     * Decides all that can be decided before the bytes, and makes room for them; or begins a {@link #comparison}, and is to be
     * called again when that is over.
     */
    void admit() throws RefusedException, IOException {
        if (alreadyStored().isPresent()) {
            return;
        }
        sizes.checkAnnounced(announced.length());
        final Optional<Entry> present = present();
        if (present.isPresent() && announced.isComparedFirst() && isComparable() && isStored(present.get(), announced.digests())) {
            return;
        }
        comparedLast = present.isPresent() && !announced.isComparedFirst() && isComparable();
        final boolean taken = naming.isTakenBy(present);
        if (taken && comparedLast) {
            return;
        }
        makeRoom();
        if (taken) {
            throw naming.taken();
        }
        staged = directory.stage();
    }

    /**
     * Decides what can be decided before the bytes, for an upload resource, and makes room for them: to be settled. Where
     * the name is taken and there are digests, the bytes come before what is stored is compared with them.
     */
    SpaceReservation admitResource() throws RefusedException, IOException {
        sizes.checkAnnounced(announced.length());
        makeRoom();
        if (!isComparable() && naming.isTakenBy(present())) {
            throw naming.taken();
        }
        return room;
    }

    /** Whether the file may be stored already, and so is no conflict. */
    private boolean isComparable() {
        return !announced.digests().isEmpty() && !announced.onlyNew();
    }

    /** What bears the name; of each other's files, strangers learn nothing. */
    private Optional<Entry> present() throws IOException {
        return box.strangers().isPresent() ? Optional.empty() : directory.find(naming.name());
    }

    private void makeRoom() throws RefusedException, IOException {
        room = new SpaceReservation(receiver, directory, box);
        room.makeFor(announcedLength());
    }

    private boolean isStored(final Entry present, final Map<DigestAlgorithm, byte[]> digests) throws IOException {
        return announced.length().orElse(present.size()) == present.size() && comparison.with(present, name(), digests);
    }

    /** What is to be read before anything else is done, or tells what came of it. */
    Comparison comparison() {
        return comparison;
    }

    /** The receipt of a file that was there before its bytes came again. */
    Optional<Receipt> alreadyStored() {
        return comparison.receipt();
    }

    void write(final ByteBuffer bytes, final Retainable memory) throws RefusedException, IOException {
        final int count = bytes.remaining();
        sizes.checkMax(size + count);
        if (staged == null) {
            hashing.update(bytes);
            bytes.position(bytes.limit());
        } else {
            if (!room.isMadeFor(size + count)) {
                room.makeFor(size + count);
            }
            final ByteBuffer written = bytes.duplicate();
            room.write(count, () -> staged.write(bytes, memory));
            // Of a resumed upload, what is behind is caught up with later
            if (hashing.position() == size) {
                hashing.update(written, memory);
            }
        }
        size += count;
    }

    SizeLimits sizes() {
        return sizes;
    }

    /** All bytes came. */
    void finish() throws RefusedException, IOException {
        if (announced.length().orElse(size) != size) {
            throw new RefusedException(new Malformed(
                    "The file was cut off: " + announced.length().getAsLong() + " bytes announced, got " + size + "."));
        }
        sizes.checkMin(size);
        hashing.finish();
        final Optional<DigestAlgorithm> mismatch = hashing.mismatch();
        if (mismatch.isPresent()) {
            throw new RefusedException(new DigestMismatch(mismatch.get().key(), naming.toString()));
        }
    }

    /** Whether what is stored is read before it is published. */
    boolean isComparedLast() {
        return comparedLast;
    }

    void seal() {
        if (staged != null) {
            staged.seal();
        }
    }

    /** Whether nothing is left to be done but to confirm it. */
    private boolean isThrough() {
        return receipt != null || alreadyStored().isPresent();
    }

    /** All bytes came: where what is stored is to be compared with them, begins a {@link #comparison}. */
    void compareLast() throws IOException {
        if (comparedLast && !isThrough()) {
            isStored();
        }
    }

    void sync() throws IOException {
        if (staged != null && !isThrough()) {
            staged.sync();
        }
    }

    /** Makes it visible; or begins a {@link #comparison}, and is to be called again when that is over. */
    void publish() throws RefusedException, IOException {
        if (isThrough()) {
            return;
        }
        try {
            if (staged == null) {
                throw new NameTakenException(naming.toString());
            }
            publishUnderFreeName();
            published = true;
        } catch (final NameTakenException e) {
            // Perhaps a parallel upload of the same file was faster
            if (!isComparable() || !isStored()) {
                throw naming.taken();
            }
        }
    }

    /** Whether what bears the name is what came, as far as is known yet. */
    private boolean isStored() throws IOException {
        final Optional<Entry> present = directory.find(name());
        return present.isPresent() && present.get().size() == size
                && isStored(present.get(), Map.of(DigestAlgorithm.SHA_256, hashing.sha256()));
    }

    private void publishUnderFreeName() throws NameTakenException, IOException {
        while (true) {
            final Receipt expected = new Receipt(naming.toString(), size, hashing.sha256Hex(),
                    staged.storedAt().truncatedTo(ChronoUnit.MILLIS));
            foresight.expect(expected);
            try {
                room.settle(() -> staged.publish(naming.name(), naming.replaces()));
                receipt = expected;
                return;
            } catch (final NameTakenException e) {
                naming.next(e);
            }
        }
    }

    Receipt confirm() throws IOException {
        if (published) {
            published = false;
            staged.confirm();
            if (receiver.limits().overwrite()) {
                room.forgetRemoved();
            }
        }
        return alreadyStored().orElse(receipt);
    }

    /** Undoes what was not confirmed and gives back what was reserved. */
    @Override
    public void close() throws IOException {
        try {
            if (staged != null) {
                staged.close();
            }
        } finally {
            if (published) {
                room.forgetMeasurement();
            }
            if (room != null) {
                room.close();
            }
        }
    }
}
