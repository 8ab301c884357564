package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.Reservation;
import org.dropzonebackup.core.refusal.Refusal.DigestMismatch;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.Refusal.NameTaken;
import org.dropzonebackup.core.refusal.Refusal.QuotaExceeded;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.Refusal.TooLarge;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Entry;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.StagedUpload;

/**
 * One file of a request, from its announcement to its receipt. Not safe for threads.
 */
final class Arrival implements AutoCloseable {

    private final Receiver receiver;
    private final Directory directory;
    private final Announcement announced;
    private final DropBox box;
    /** Gives another name for one that is taken; none: the file is refused, or replaces the other. */
    private final Optional<Supplier<FileName>> otherNames;
    private final Hashing hashing;
    private FileName name;
    private long size;

    /** Whether the bytes come before what is stored is compared with them. */
    private boolean comparedLast;
    /** Null where only the very file that is stored is accepted: what comes is compared and not kept. */
    private StagedUpload staged;
    private Receipt receipt;
    private boolean published;

    private Reservation space;
    private Optional<Reservation> quota = Optional.empty();
    private long reserved;

    Arrival(final Receiver receiver, final Directory directory, final DropBox box, final Announcement announced)
            throws RefusedException {
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.announced = announced;
        this.hashing = new Hashing(announced.digests());
        if (announced.submittedName().isEmpty()) {
            otherNames = Optional.of(receiver::nextTimestamp);
            name = receiver.nextTimestamp();
        } else {
            final FileName wanted = receiver.names().parse(announced.submittedName().get());
            otherNames = box.strangers().map(strangers -> () -> receiver.names().varied(wanted));
            name = wanted;
        }
    }

    /** Whether it gets another name where its own is taken. */
    private boolean renames() {
        return otherNames.isPresent();
    }

    FileName name() {
        return name;
    }

    /** Decides all that can be decided before the bytes, and makes room for them. */
    void admit() throws RefusedException, IOException {
        final long length = announced.length().orElse(0);
        refuseOverLimit(length);
        final Optional<Entry> present = renames() ? Optional.empty() : directory.find(name);
        if (present.isPresent() && announced.sparable() && matches(present.get(), announced.digests())) {
            return;
        }
        comparedLast = present.isPresent() && !announced.sparable() && !announced.digests().isEmpty();
        if (present.isPresent() && !(receiver.limits().overwrite() && present.get().isFile())) {
            if (comparedLast) {
                return;
            }
            throw new RefusedException(new NameTaken(name.toString()));
        }
        space = receiver.reserveSpace(directory);
        quota = box.quota().isPresent() ? Optional.of(receiver.reserveQuota(directory, box.quota())) : quota;
        reserve(length);
        staged = directory.stage();
    }

    /** Whether this very content is stored, as far as the client said what it is; remembers its receipt then. */
    private boolean matches(final Entry stored, final Map<DigestAlgorithm, byte[]> digests) throws IOException {
        if (digests.isEmpty() || !stored.isFile() || announced.length().orElse(stored.size()) != stored.size()) {
            return false;
        }
        final Hashing there = Hashing.of(stored, digests);
        if (there.mismatch().isPresent()) {
            return false;
        }
        receipt = new Receipt(name.toString(), stored.size(), there.sha256Hex(),
                stored.storedAt().truncatedTo(ChronoUnit.MILLIS));
        return true;
    }

    /** The receipt of a file that was there before its bytes came again. */
    Optional<Receipt> alreadyStored() {
        return staged == null ? Optional.ofNullable(receipt) : Optional.empty();
    }

    void write(final ByteBuffer bytes) throws RefusedException, IOException {
        final int count = bytes.remaining();
        refuseOverLimit(size + count);
        if (staged != null && size + count > reserved) {
            reserve(size + count - reserved);
        }
        hashing.update(bytes);
        if (staged != null) {
            staged.write(bytes);
            space.settle(count);
        }
        size += count;
    }

    private void refuseOverLimit(final long bytes) throws RefusedException {
        final long limit = Math.min(receiver.limits().maxFileSize(),
                box.strangers().map(DropBox.Strangers::maxFileSize).orElse(Long.MAX_VALUE));
        if (bytes > limit) {
            throw new RefusedException(new TooLarge(limit, bytes));
        }
    }

    private void reserve(final long bytes) throws RefusedException, IOException {
        if (quota.isPresent() && !quota.get().grow(bytes)) {
            throw new RefusedException(box.strangers().isPresent() ? new StorageFull(bytes)
                    : new QuotaExceeded(box.quota().getAsLong(), quota.get().left(), bytes));
        }
        if (!space.grow(bytes)) {
            throw new RefusedException(new StorageFull(bytes));
        }
        reserved += bytes;
    }

    /** All bytes came. */
    void finish() throws RefusedException {
        if (announced.length().orElse(size) != size) {
            throw new RefusedException(new Malformed(
                    "The file was cut off: " + announced.length().getAsLong() + " bytes announced, got " + size + "."));
        }
        hashing.finish();
        final Optional<DigestAlgorithm> mismatch = hashing.mismatch();
        if (mismatch.isPresent()) {
            throw new RefusedException(new DigestMismatch(mismatch.get().key(), name.toString()));
        }
    }

    void seal() {
        if (staged != null) {
            staged.seal();
        }
    }

    void sync() throws IOException {
        if (staged != null) {
            staged.sync();
        }
    }

    void publish() throws RefusedException, IOException {
        if (receipt != null || comparedLast && isStored()) {
            return;
        }
        try {
            if (staged == null) {
                throw new NameTakenException(name.toString());
            }
            publishUnderFreeName();
            published = true;
        } catch (final NameTakenException e) {
            // Perhaps a parallel upload of the same file was faster
            if (announced.digests().isEmpty() || !isStored()) {
                throw new RefusedException(new NameTaken(name.toString()));
            }
        }
    }

    /** Whether what bears the name is what came; remembers its receipt then. */
    private boolean isStored() throws IOException {
        final Optional<Entry> present = directory.find(name);
        return present.isPresent() && present.get().size() == size
                && matches(present.get(), Map.of(DigestAlgorithm.SHA_256, hashing.sha256()));
    }

    private void publishUnderFreeName() throws NameTakenException, IOException {
        while (true) {
            try {
                if (quota.isPresent()) {
                    quota.get().settle(size, this::publishStaged);
                } else {
                    publishStaged();
                }
                return;
            } catch (final NameTakenException e) {
                name = otherNames.orElseThrow(() -> e).get();
            }
        }
    }

    private void publishStaged() throws NameTakenException, IOException {
        staged.publish(name, !renames() && receiver.limits().overwrite());
        receipt = new Receipt(name.toString(), size, hashing.sha256Hex(), staged.storedAt().truncatedTo(ChronoUnit.MILLIS));
    }

    Receipt confirm() throws IOException {
        if (published) {
            staged.confirm();
            if (receiver.limits().overwrite()) {
                quota.ifPresent(Reservation::forgetMeasurement);
            }
        }
        return receipt;
    }

    /** Undoes what was not confirmed and gives back what was reserved. */
    @Override
    public void close() throws IOException {
        try {
            if (staged != null) {
                staged.close();
            }
        } finally {
            quota.ifPresent(Reservation::close);
            if (space != null) {
                space.close();
            }
        }
    }
}
