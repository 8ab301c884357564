package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.SizeLimits;
import org.dropzonebackup.core.refusal.Refusal.DigestMismatch;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoredFile;

/**
 * One file of a request, from its announcement to its receipt. {@link UploadTransaction#begin} makes it; then {@link #write} as
 * often as bytes come, and {@link #finish}. The transaction publishes and closes it. Not safe for threads.
 */
public final class IncomingFile {

    private final Receiver receiver;
    private final Directory directory;
    private final DropBox box;
    private final Announcement announced;
    private final SpaceReservation reservation;
    private final ContentDigests digests;
    private final Naming naming;
    private final SizeLimits sizes;
    /** With the stored file of the same path, and what is kept beside it. */
    private final Comparison comparison;
    /** Bytes that are reserved for earlier files of the request. */
    private final long reservedBefore;
    private long size;
    /** Whether a stored file of the same name is compared when all bytes have come. */
    private boolean comparedLast;
    /** Null before it is admitted, and where only the stored file can be accepted: bytes are digested and not kept then. */
    private StagedFile staged;
    /** Null until it is published. */
    private Receipt receipt;

    IncomingFile(final Receiver receiver, final Directory directory, final DropBox box, final Announcement announced,
            final SpaceReservation reservation) throws RefusedException {
        this(receiver, directory, box, announced, reservation, new ContentDigests(announced.digests(), receiver.threads()));
    }

    private IncomingFile(final Receiver receiver, final Directory directory, final DropBox box, final Announcement announced,
            final SpaceReservation reservation, final ContentDigests digests) throws RefusedException {
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.announced = announced;
        this.reservation = reservation;
        this.digests = digests;
        this.comparison = new Comparison(receiver, directory, box, announced.submittedName());
        this.naming = new Naming(receiver, directory, box, announced);
        this.sizes = box.sizes(receiver.limits());
        this.reservedBefore = reservation.covered();
    }

    /**
     * The file of an upload resource, all of whose bytes came.
     *
     * @param upload its bytes; closed by whoever opened it
     * @param size bytes
     * @param digests of all of them when it is published
     * @param expected the receipt that an earlier attempt to publish it was going to give
     */
    static IncomingFile ofResource(final Receiver receiver, final Directory directory, final DropBox box,
            final Announcement announced, final SpaceReservation reservation, final ContentDigests digests,
            final PendingUpload upload, final long size, final Optional<Receipt> expected) throws RefusedException {
        final IncomingFile file = new IncomingFile(receiver, directory, box, announced, reservation, digests);
        file.naming.expect(expected.map(Receipt::name));
        file.size = size;
        file.staged = upload;
        file.comparedLast = file.isComparable() && box.strangers().isEmpty();
        return file;
    }

    FilePath path() {
        return naming.path();
    }

    /** Bytes that came. */
    public long size() {
        return size;
    }

    /**
     * Decides all that can be decided before the bytes, and reserves space for them. Where a stored file has to be read for
     * that, nothing is decided yet: then {@link UploadTransaction#readBack} until there is no more to read, and this again.
     *
     * @throws RefusedException if the file is refused before its bytes
     * @throws IOException if the store fails
     */
    public void admit() throws RefusedException, IOException {
        if (!isStaged() && alreadyStored().isEmpty()) {
            receiver.storing(announced.length().orElse(0), this::decide);
        }
    }

    private void decide() throws RefusedException, IOException {
        sizes.checkAnnounced(announced.length());
        final Optional<StoredFile> present = present();
        if (announced.isComparedFirst() && isComparable() && present.isPresent()
                && comparison.with(present.get(), naming.first(), naming.series(), announced.length(), announced.digests(), false)) {
            return;
        }
        comparedLast = present.isPresent() && !announced.isComparedFirst() && isComparable();
        final boolean taken = naming.isTakenBy(present);
        if (taken && comparedLast) {
            return;
        }
        reserveAnnounced();
        if (taken) {
            throw naming.taken();
        }
        staged = directory.stage();
    }

    /**
     * Decides the same for a file that is to be an upload resource. Where the name is taken and the client sends digests, the
     * stored file is compared when all bytes have come.
     */
    void admitResource() throws RefusedException, IOException {
        sizes.checkAnnounced(announced.length());
        reserveAnnounced();
        if (!isComparable() && naming.isTakenBy(present())) {
            throw naming.taken();
        }
    }

    private void reserveAnnounced() throws RefusedException, IOException {
        reservation.admit(reservedBefore + announced.length().orElse(0));
    }

    /** Whether the file may be stored already, which is no conflict. */
    private boolean isComparable() {
        return !announced.digests().isEmpty() && !announced.onlyNew();
    }

    /** What bears the name; strangers learn nothing of each other's files. */
    private Optional<StoredFile> present() throws IOException {
        return box.strangers().isPresent() ? Optional.empty() : directory.find(naming.path());
    }

    Comparison comparison() {
        return comparison;
    }

    /**
     * The receipt of this very file, if it is stored already. Its bytes need not come then; if they do, they are only compared
     * with the announced digests.
     */
    public Optional<Receipt> alreadyStored() {
        return comparison.receipt();
    }

    /**
     * Takes more of the file, and consumes all remaining bytes. Does not wait for the device.
     *
     * @param memory of the bytes; retained until they are stored and digested
     * @throws RefusedException if a limit is crossed
     * @throws IOException if the store fails
     */
    public void write(final ByteBuffer bytes, final Retainable memory) throws RefusedException, IOException {
        final int count = bytes.remaining();
        sizes.checkMax(size + count);
        final ByteBuffer content = bytes.duplicate();
        if (staged == null) {
            bytes.position(bytes.limit());
        } else {
            receiver.storing(count, () -> {
                reservation.cover(reservedBefore + size + count);
                reservation.write(count, () -> staged.write(bytes, memory));
            });
        }
        digests.update(content, memory);
        size += count;
    }

    /**
     * Says that all bytes came.
     *
     * @throws RefusedException if they are fewer than announced, or too few
     */
    public void finish() throws RefusedException {
        if (announced.length().orElse(size) != size) {
            throw new RefusedException(new Malformed(
                    "The file was cut off: " + announced.length().getAsLong() + " bytes announced, got " + size + "."));
        }
        sizes.checkMin(size);
    }

    void seal() {
        if (staged != null) {
            staged.seal();
        }
    }

    /** Whether its commit would wait: for bytes, for digests, for the directories, or as a stored file is compared. */
    boolean commitsSlowly() {
        return comparedLast || naming.keeps() && isComparable() || !path().directories().isEmpty()
                || !digests.isIdle() || staged != null && !staged.isWritten();
    }

    /** Finishes the digests and holds them against those that were announced. */
    void verify() throws RefusedException {
        digests.finish();
        if (digests.mismatch().isPresent()) {
            throw new RefusedException(new DigestMismatch(digests.mismatch().get().key(), naming.toString()));
        }
    }

    /** Begins to compare the stored file, where that is done when all bytes have come. */
    void compareLast() throws IOException {
        if (comparedLast && isPending()) {
            isStored();
        }
    }

    /** Whether what came is stored, as far as is known yet. */
    private boolean isStored() throws IOException {
        final Optional<StoredFile> present = directory.find(naming.first());
        return present.isPresent() && comparison.with(present.get(), naming.first(), naming.series(), OptionalLong.of(size),
                Map.of(DigestAlgorithm.SHA_256, digests.sha256()), true);
    }

    /** Whether it is still to be published. */
    boolean isPending() {
        return receipt == null && alreadyStored().isEmpty();
    }

    void makeDurable() throws IOException {
        if (staged != null && isPending()) {
            staged.sync();
        }
    }

    boolean isStaged() {
        return staged != null;
    }

    Publication publication() {
        return new Publication(staged, naming.path(), naming.replaces());
    }

    /** The receipt that it has if it is published under its present name. */
    Receipt expectedReceipt() throws IOException {
        return new Receipt(naming.toString(), announced.submittedName(), size, digests.sha256Hex(),
                staged.storedAt().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Looks whether its path is taken, where it goes on to another one then: in vain to publish it costs more than to look. */
    void lookAhead() throws RefusedException, IOException {
        if (isStaged() && isPending() && naming.mustGoOn()) {
            giveWay(naming.path());
        }
    }

    /**
     * Goes on where its path is taken: under another one, or as a stored file, perhaps of a parallel upload, is the same.
     *
     * @param obstacle its path, or that of one of its directories: what is taken
     * @return whether publishing can go on; false if stored files have to be read before
     */
    boolean giveWay(final FilePath obstacle) throws RefusedException, IOException {
        if (!naming.avoidsAll() && isComparable() && isStored()) {
            return !comparison.isUnderWay();
        }
        if (!isStaged()) {
            throw naming.taken();
        }
        naming.goOn(obstacle);
        return true;
    }

    void published(final Receipt given) {
        receipt = given;
    }

    /** The receipt, once it is published or found to be stored. */
    Receipt receipt() {
        return alreadyStored().orElse(receipt);
    }

    /** Gives up what was not published. */
    void close() throws IOException {
        if (staged != null) {
            staged.close();
        }
    }
}
