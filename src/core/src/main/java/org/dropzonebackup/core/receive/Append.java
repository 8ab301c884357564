package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadState;

/**
 * One request's work on an upload resource: {@link #write} as often as bytes come, {@link #checkpoint} in between and in the
 * end, perhaps {@link #complete}; {@link #close} in any case. What is not checkpointed or completed is not kept.
 *
 * <p>After a refusal of {@link #write}, earlier bytes can still be checkpointed, and no more be written. After an
 * {@link IOException} it can only be closed. Only {@link #write} and the questions do not wait for the device. Not safe for
 * threads.
 */
public final class Append implements AutoCloseable {

    private static final long CHECKPOINT_EVERY = 64 << 20;
    /** Bytes that a slower client has to send again at most, if it sends fewer in a second. */
    private static final long CHECKPOINT_AFTER = 4 << 20;
    private static final long CHECKPOINT_MILLIS = 1000;

    private final ResumableReceiver home;
    private final Receiver receiver;
    private final Directory directory;
    private final DropBox box;
    private final UploadId id;
    /** Closed by this. */
    private final PendingUpload upload;
    private final UploadInfo info;
    private final SpaceReservation reservation;
    private final ResourceDigests digests;
    private OptionalLong length;
    private long offset;
    private long checkpointedAt;
    /** The receipts that the record tells of. */
    private List<Receipt> recorded = List.of();
    /** Null as long as bytes are appended. */
    private Completion completion;

    Append(final ResumableReceiver home, final Receiver receiver, final Directory directory, final DropBox box,
            final UploadId id, final PendingUpload upload) {
        this.home = home;
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.id = id;
        this.upload = upload;
        this.info = UploadInfo.of(upload.state().facts()).orElseThrow();
        this.length = upload.state().length();
        this.offset = upload.state().offset();
        this.checkpointedAt = home.millis();
        this.digests = new ResourceDigests(home.digests(), id, upload, info.digests());
        this.reservation =
                receiver.reserveForResource(directory, box, Math.max(upload.size(), length.orElse(0)), upload.size(), offset);
    }

    /** Reserves space for the rest. If that fails, nothing is reserved. */
    void admit() throws RefusedException, IOException {
        try {
            if (length.isEmpty() || length.getAsLong() > offset) {
                reservation.admit(length.orElse(offset));
            }
        } catch (final RefusedException | IOException | RuntimeException | Error e) {
            reservation.close();
            throw e;
        }
    }

    /** Bytes that are there, with those that are not checkpointed. */
    public long offset() {
        return offset;
    }

    /** Bytes in all, if that is known. */
    public OptionalLong length() {
        return length;
    }

    /**
     * Records how many bytes there will be in all, durably. Nothing happens if just that is known already.
     *
     * @throws RefusedException with {@link LengthChanged} if it contradicts what is known, or if so many are not admitted;
     *         it is not known then
     * @throws IOException if the store fails
     */
    public void announce(final long bytes) throws RefusedException, IOException {
        if (bytes < offset || length.orElse(bytes) != bytes) {
            throw new RefusedException(new LengthChanged(length.orElse(offset), bytes));
        }
        if (length.isPresent()) {
            return;
        }
        if (!info.body()) {
            box.sizes(receiver.limits()).checkAnnounced(OptionalLong.of(bytes));
        }
        final UploadState known = upload.state();
        receiver.storing(bytes, () -> {
            reservation.admit(bytes);
            reservation.settle(bytes,
                    () -> upload.record(new UploadState(known.offset(), OptionalLong.of(bytes), false, known.facts())));
        });
        length = OptionalLong.of(bytes);
    }

    /**
     * Appends all remaining bytes.
     *
     * @param memory of the bytes; retained until they are stored and digested
     * @throws RefusedException with {@link LengthChanged} if they go beyond the length, or if a limit is crossed; none of
     *         them counts as appended then
     * @throws IOException if the store fails
     */
    public void write(final ByteBuffer bytes, final Retainable memory) throws RefusedException, IOException {
        final int count = bytes.remaining();
        final long end = offset + count;
        if (end > length.orElse(Long.MAX_VALUE)) {
            throw new RefusedException(new LengthChanged(length.getAsLong(), end));
        }
        if (!info.body()) {
            box.sizes(receiver.limits()).checkMax(end);
        }
        final ByteBuffer content = bytes.duplicate();
        receiver.storing(count, () -> {
            reservation.cover(end);
            reservation.write(count, () -> upload.write(bytes, memory));
        });
        if (!info.body()) {
            digests.update(content, offset, memory);
        }
        offset = end;
    }

    /** Whether so much came since the last checkpoint that it is time for another. It is lost if the server is killed. */
    public boolean isCheckpointDue() {
        final long came = offset - upload.state().offset();
        return came >= CHECKPOINT_EVERY
                || came >= CHECKPOINT_AFTER && Math.abs(home.millis() - checkpointedAt) >= CHECKPOINT_MILLIS;
    }

    /**
     * Makes durable what was written, and that it was.
     *
     * @throws RefusedException if the store is full or too busy
     * @throws IOException if the store fails
     */
    public void checkpoint() throws RefusedException, IOException {
        receiver.storing(0, () -> {
            if (offset > upload.state().offset()) {
                upload.sync();
                upload.record(new UploadState(offset, length, false, upload.state().facts()));
            }
        });
        checkpointedAt = home.millis();
        if (!info.body()) {
            digests.checkpoint(offset);
        }
    }

    /**
     * Whether bytes should be read back, because this process has not seen them come: soon after a {@link #checkpoint}, by those
     * who have the time.
     */
    public boolean readsBack() {
        return digests.isBehind();
    }

    /**
     * Reads more of them back, in a step of bounded length.
     *
     * @return whether there is more to read
     * @throws IOException if the store fails
     */
    public boolean readBack() throws IOException {
        if (digests.isBehind()) {
            digests.readOn();
        }
        return digests.isBehind();
    }

    /**
     * Begins to complete the upload resource. No more can be written then.
     *
     * @param parsers make what finds the files, if the bytes are a body
     * @throws RefusedException with {@link LengthChanged} if bytes are missing
     */
    public Completion complete(final BodyParser.Factory parsers) throws RefusedException {
        if (length.orElse(offset) != offset) {
            throw new RefusedException(new LengthChanged(length.getAsLong(), offset));
        }
        if (isBody()) {
            completion = new Completion(this, upload, receiver.transaction(directory, box), parsers);
        } else {
            // Who reads the record does not take the file for stored until its bytes are no longer beside it
            final UploadTransaction transaction =
                    new UploadTransaction(receiver, directory, box, reservation, this::record);
            transaction.add(IncomingFile.ofResource(receiver, directory, box, info.announcement(), reservation,
                    digests.digests(), upload, offset, info.receipts().stream().findFirst()));
            completion = new Completion(this, upload, transaction, parsers);
        }
        return completion;
    }

    boolean isBody() {
        return info.body();
    }

    /**
     * Prepares a file to be committed.
     *
     * @return whether it is; false if bytes have to be read back before
     */
    boolean prepareFile() throws RefusedException, IOException {
        if (!digests.complete(offset)) {
            return false;
        }
        upload.trim();
        reservation.admitToQuota(offset);
        box.sizes(receiver.limits()).checkMin(offset);
        return true;
    }

    /** Prepares a body to be read back: its quota is given to the files in it. */
    BodyParser beginBody(final UploadTransaction transaction, final BodyParser.Factory parsers)
            throws RefusedException, IOException {
        checkpoint();
        upload.count(false);
        reservation.close();
        reservation.forgetRemoved();
        transaction.claim(info.announcement());
        transaction.prepare();
        return parsers.create(info.notes(), transaction);
    }

    private void record(final List<Receipt> receipts) throws IOException {
        upload.record(new UploadState(offset, OptionalLong.of(offset), true, info.with(receipts).recorded()));
        recorded = receipts;
    }

    /** Records that the files are stored, and removes what is left of the bytes. */
    void finish(final List<Receipt> receipts) throws IOException {
        final List<Receipt> plain = receipts.stream().map(Receipt::withoutEntry).toList();
        if (!plain.equals(recorded)) {
            record(plain);
        }
        upload.finish();
        home.digests().forget(id);
        // If the file was stored already, its bytes count no more
        reservation.forgetRemoved();
    }

    /**
     * Ends the upload resource; then it can only be closed.
     *
     * @throws IOException if something is left behind
     */
    public void remove() throws IOException {
        upload.remove();
        home.digests().forget(id);
        reservation.forgetRemoved();
    }

    /**
     * Lets other requests have the upload resource.
     *
     * @throws IOException if something goes wrong with that
     */
    @Override
    public void close() throws IOException {
        try {
            try (upload; reservation) {
                if (completion != null) {
                    completion.close();
                }
            }
            if (info.body() && completion != null) {
                // What is left of the body counts again
                reservation.forgetMeasurement();
            }
        } finally {
            home.closed(id);
        }
    }
}
