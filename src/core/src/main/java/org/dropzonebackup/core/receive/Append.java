package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.ResumableDirectory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadState;

/**
 * One request's work for an upload resource: {@link #write} as often as bytes come, {@link #checkpoint} in between and in
 * the end, perhaps {@link #complete}; {@link #close} in any case. What was not checkpointed is not kept.
 *
 * <p>After a refusal of {@link #write}, what came before can still be checkpointed, and no more be written. After an
 * {@link IOException} nothing but {@link #close} makes sense. Only {@link #write} and the questions do not wait for the
 * device. Not safe for threads.
 */
public final class Append implements AutoCloseable {

    private static final long CHECKPOINT_EVERY = 64 << 20;
    /** What a slower client has to send again at most, if it is less than a second's worth; small ones would keep the device busy. */
    private static final long CHECKPOINT_AFTER = 4 << 20;
    private static final long CHECKPOINT_MILLIS = 1000;
    /** Bytes of a body that are read back at a time. */
    private static final long STEP = 64 << 20;

    private final ResumableReceiver home;
    private final Receiver receiver;
    private final ResumableDirectory directory;
    private final DropBox box;
    private final UploadId id;
    private final PendingUpload upload;
    private final UploadInfo facts;
    private final SpaceReservation room;
    private final Hashing hashing;
    private final CatchUp catchUp;
    private OptionalLong length;
    private long offset;
    private long checkpointed;

    /** Null where the bytes are a body. */
    private IncomingFile file;
    /** Of the file, whose bytes and room it closes; or of the files of a body, null until it is read back. */
    private UploadTransaction reception;
    /** Null before a body is read back. */
    private Unpacking unpacking;

    Append(final ResumableReceiver home, final Receiver receiver, final ResumableDirectory directory, final DropBox box,
            final UploadId id, final PendingUpload upload) throws RefusedException, IOException {
        this.home = home;
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.id = id;
        this.upload = upload;
        this.facts = UploadInfo.of(upload.state().facts()).orElseThrow();
        this.length = upload.state().length();
        this.offset = upload.state().offset();
        this.checkpointed = home.millis();
        this.room = SpaceReservation.ofResource(receiver, directory, box, Math.max(upload.size(), length.orElse(0)), upload.size(), offset);
        this.hashing = home.hashing(id, offset, facts.digests());
        this.catchUp = new CatchUp(upload, hashing, nearer -> home.remember(id, nearer));
        boolean opened = false;
        try {
            if (length.isEmpty() || length.getAsLong() > offset) {
                room.makeFor(length.orElse(offset));
            }
            if (!facts.body()) {
                file = IncomingFile.resumed(receiver, directory, box, facts.announcement(), upload, room,
                        hashing, facts.receipts().stream().findFirst(), this::expect);
                reception = new UploadTransaction(receiver, directory, box);
                reception.add(file);
            }
            opened = true;
        } finally {
            if (!opened) {
                room.close();
            }
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

    /** Whether the bytes are a body that carries files, to be read back by {@link #unpack}. */
    public boolean isBody() {
        return facts.body();
    }

    /**
     * Says how many bytes there will be in all, durably; nothing happens if just that is known already.
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
        if (!isBody()) {
            file.sizes().checkAnnounced(OptionalLong.of(bytes));
        }
        final UploadState known = upload.state();
        storing(bytes, () -> {
            room.makeFor(bytes);
            room.settle(() -> upload.record(new UploadState(known.offset(), OptionalLong.of(bytes), false, known.facts())));
        });
        length = OptionalLong.of(bytes);
    }

    /**
     * Appends all remaining bytes.
     *
     * @param memory of the bytes; retained until their digest is taken, if it can be
     * @throws RefusedException with {@link LengthChanged} if they go beyond the length, or if a limit is crossed; none of
     *         them counts as appended then
     * @throws IOException if the store fails
     */
    public void write(final ByteBuffer bytes, final Retainable memory) throws RefusedException, IOException {
        final int count = bytes.remaining();
        if (offset + count > length.orElse(Long.MAX_VALUE)) {
            throw new RefusedException(new LengthChanged(length.getAsLong(), offset + count));
        }
        storing(count, () -> {
            if (isBody()) {
                room.makeFor(offset + count);
                room.write(count, () -> upload.write(bytes, memory));
            } else {
                reception.write(bytes, memory);
            }
        });
        offset += count;
    }

    /** Whether so much came since the last checkpoint that it is time for another: that much is lost if the server is killed. */
    public boolean isCheckpointDue() {
        final long came = offset - upload.state().offset();
        return came >= CHECKPOINT_EVERY
                || came >= CHECKPOINT_AFTER && Math.abs(home.millis() - checkpointed) >= CHECKPOINT_MILLIS;
    }

    /**
     * Makes durable what was written, and that it was.
     *
     * @throws RefusedException if the store is full or too busy
     * @throws IOException if the store fails
     */
    public void checkpoint() throws RefusedException, IOException {
        storing(0, () -> {
            if (offset > upload.state().offset()) {
                upload.sync();
                upload.record(new UploadState(offset, length, false, upload.state().facts()));
            }
        });
        checkpointed = home.millis();
        if (!isBody()) {
            home.remember(id, hashing);
            catchUp.begin(offset);
        }
    }

    /**
     * Whether bytes have to be read: of a stored file, to compare it, before {@link #complete} goes on; or of this upload, as
     * they came when another process was at work. That is better done soon after a {@link #checkpoint}, by those who have the
     * time, than in the end.
     */
    public boolean readsBack() {
        return catchUp.isUnderWay() || reception != null && reception.readsBack();
    }

    /**
     * Reads more of them, in a step of bounded length.
     *
     * @return whether there is more to read
     * @throws IOException if the store fails
     */
    public boolean readBack() throws IOException {
        if (catchUp.isUnderWay()) {
            catchUp.readOn();
        } else if (reception != null) {
            reception.readBack();
        }
        return readsBack();
    }

    /**
     * Reads more of a complete body back, in a step of bounded length; all of it in the end. The first step gives the
     * quota of the body itself back to the files in it. A refusal ends the upload resource.
     *
     * @param files makes what finds the files, in the first step
     * @return whether there is more to read
     * @throws RefusedException as the parser throws it
     * @throws IOException as the parser throws it, or if the store fails; the body can be read again by another append
     */
    public boolean unpack(final Function<UploadTransaction, BodyParser> files) throws RefusedException, IOException {
        refuseCutOff();
        if (unpacking == null) {
            checkpoint();
            beginUnpacking(files);
        }
        return ending(() -> {
            unpacking.readOn(STEP);
            return !isUnpacked();
        });
    }

    /** Whether all of a body was read back. */
    public boolean isUnpacked() {
        return unpacking != null && unpacking.isOver();
    }

    private void beginUnpacking(final Function<UploadTransaction, BodyParser> files) throws IOException {
        upload.count(false);
        room.close();
        room.forgetRemoved();
        reception = new UploadTransaction(receiver, directory, box);
        reception.claim(facts.announcement());
        reception.prepare();
        unpacking = new Unpacking(upload, offset, files.apply(reception));
    }

    private void refuseCutOff() throws RefusedException {
        if (length.orElse(offset) != offset) {
            throw new RefusedException(new LengthChanged(length.getAsLong(), offset));
        }
    }

    /**
     * Publishes the file, or the files of a body that was {@linkplain #unpack read back}, if quota, name and digests still
     * allow it. The bytes that were written need no checkpoint before. If the length is not known, it is what is there.
     *
     * @return their receipts, which a look at the upload resource gives from now on; none if it {@link #readsBack} now: then
     *         {@link #readBack} until there is no more, and this again
     * @throws RefusedException with {@link LengthChanged} if bytes are missing; else as it cannot be. If no retry can change
     *         that, it is the end of the upload resource; if the store is full or too busy, it is as it was at the last
     *         checkpoint
     * @throws IOException if the store fails; the upload resource is as it was at the last checkpoint
     */
    public List<Receipt> complete() throws RefusedException, IOException {
        refuseCutOff();
        if (isBody() && !isUnpacked()) {
            throw new IllegalStateException("a body is read back before it is complete");
        }
        if (!isBody() && catchUp.beginAll(offset)) {
            return List.of();
        }
        final List<Receipt> receipts = ending(() -> {
            if (!isBody()) {
                upload.trim();
                catchUp.end();
                room.makeInQuotaFor(offset);
                reception.finish();
            }
            return reception.commit();
        });
        if (receipts.isEmpty()) {
            return receipts;
        }
        if (!upload.state().finished() || !facts(upload).receipts().equals(receipts)) {
            record(receipts);
        }
        upload.finish();
        home.forget(id);
        // If what came was there already, it counts no more
        room.forgetRemoved();
        return receipts;
    }

    private static UploadInfo facts(final PendingUpload upload) {
        return UploadInfo.of(upload.state().facts()).orElseThrow();
    }

    /** As the record is read with the bytes still beside it, a file is not taken for complete until they are gone. */
    private void expect(final Receipt receipt) throws IOException {
        record(List.of(receipt));
    }

    private void record(final List<Receipt> receipts) throws IOException {
        upload.record(new UploadState(offset, OptionalLong.of(offset), true, facts.with(receipts).recorded()));
    }

    private interface Step<T> {
        T run() throws RefusedException, IOException;
    }

    /** What no retry can change is the end of the upload resource. */
    private <T> T ending(final Step<T> step) throws RefusedException, IOException {
        try {
            return step.run();
        } catch (final RefusedException e) {
            if (!(e.refusal() instanceof Refusal.StorageFull || e.refusal() instanceof Refusal.Unavailable)) {
                remove();
            }
            throw e;
        }
    }

    /**
     * Ends the upload resource: nothing but {@link #close} makes sense then.
     *
     * @throws IOException if something is left behind
     */
    public void remove() throws IOException {
        upload.remove();
        home.forget(id);
        room.forgetRemoved();
    }

    private interface Storing {
        void run() throws RefusedException, IOException;
    }

    private void storing(final long wanted, final Storing step) throws RefusedException, IOException {
        try {
            step.run();
        } catch (final StoreFullException | StoreBusyException e) {
            throw receiver.refused(wanted, e);
        }
    }

    /**
     * Lets others have the upload resource.
     *
     * @throws IOException if something goes wrong with that
     */
    @Override
    public void close() throws IOException {
        try {
            if (reception != null) {
                reception.close();
            }
        } finally {
            try {
                if (isBody()) {
                    room.close();
                    upload.close();
                    if (unpacking != null) {
                        // What is left of it counts again
                        room.forgetMeasurement();
                    }
                }
            } finally {
                home.closed(id);
            }
        }
    }
}
