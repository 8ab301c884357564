package org.dropzonebackup.core.receive;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.dropzonebackup.core.refusal.Refusal.UploadBusy;
import org.dropzonebackup.core.refusal.Refusal.UploadComplete;
import org.dropzonebackup.core.refusal.Refusal.UploadUnknown;
import org.dropzonebackup.core.refusal.Refusal.WrongOffset;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.ResumableDirectory;
import org.dropzonebackup.core.store.ResumableStore;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;

/**
 * Receives uploads that come in pieces: an upload resource is created, appended to by one request at a time, and
 * completed. One for the whole application; safe for threads. Everything but {@link #takeOver} may wait for the device.
 *
 * <h2>The digest of what comes in pieces</h2>
 * Java's digests can be copied and not saved. So each is kept in memory from one request to the next, and whatever this
 * process has not seen come, because it was started anew or as another server took it, is read again: several times as
 * much at each checkpoint as comes between two, and what is left in the end. BouncyCastle's digests could be saved in the
 * record and would spare that, but they are so much slower that it does not pay: on one core of the machine where this
 * was decided, by the time of the processor, SHA-256 takes 1,780 MB/s in Java's and 190 in BouncyCastle's (SHA-512: 700
 * and 270), and reading a file again with Java's 1,300 MB/s. Hashing all bytes twice would still cost a quarter of
 * hashing them once in the other way.
 */
public final class ResumableReceiver {

    private static final long REMEMBERED = 10_000;

    private final Receiver receiver;
    private final ResumableStore store;
    private final Duration staleAfter;
    private final Clock clock;
    private final ConcurrentMap<UploadId, Handover> open = new ConcurrentHashMap<>();
    /** Digests up to the last checkpoint, of what this process has seen come. Each takes some hundred bytes. */
    private final Cache<UploadId, Hashing> hashings = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** Lets a newer request have what an older one has open. */
    private record Handover(Runnable giveUp, AtomicBoolean asked, CompletableFuture<Void> closed) {
    }

    /**
     * @param receiver whose limits hold here too
     * @param store the receiver's store
     * @param staleAfter how long nothing may come to an upload resource before it expires
     * @param clock for that
     */
    public ResumableReceiver(final Receiver receiver, final ResumableStore store, final Duration staleAfter,
            final Clock clock) {
        this.receiver = receiver;
        this.store = store;
        this.staleAfter = staleAfter;
        this.clock = clock;
    }

    /**
     * Creates an upload resource for a file, as far as what is announced is admitted: name, size, quota and space, and
     * that the name is free. Where a file of that name is there and digests are announced, it is decided in the end.
     *
     * @param notes come back with every look at it
     * @throws RefusedException if it is refused; nothing is there then
     * @throws IOException if the store fails; nothing is there then
     */
    public UploadId create(final DropBox box, final Owner owner, final Announcement announced, final Map<String, String> notes)
            throws RefusedException, IOException {
        final ResumableDirectory directory = receiver.opened(() -> store.open(box.directory()));
        try (IncomingFile file = new IncomingFile(receiver, directory, box, announced)) {
            final UploadInfo facts = new UploadInfo(owner, announced.submittedName(), false, clock.instant(), announced.digests(),
                    announced.onlyNew(), notes, List.of());
            return create(directory, file.admitResource(), announced.length(), facts);
        } catch (final StoreFullException | StoreBusyException e) {
            throw receiver.refused(announced.length().orElse(0), e);
        }
    }

    /**
     * Creates an upload resource for a body that carries files. The quota counts its bytes until they are read back; the
     * size limit holds for each of its files.
     *
     * @param announced with the length of the body, if it is known; all else is said of the only file in it
     * @param notes come back with every look at it
     * @throws RefusedException if it is refused; nothing is there then
     * @throws IOException if the store fails; nothing is there then
     */
    public UploadId createBody(final DropBox box, final Owner owner, final Announcement announced, final Map<String, String> notes)
            throws RefusedException, IOException {
        final OptionalLong length = announced.length();
        box.pass();
        final ResumableDirectory directory = receiver.opened(() -> store.open(box.directory()));
        try (SpaceReservation room = new SpaceReservation(receiver, directory, box)) {
            room.makeFor(length.orElse(0));
            final UploadInfo facts = new UploadInfo(owner, Optional.empty(), true, clock.instant(), announced.digests(),
                    announced.onlyNew(), notes, List.of());
            return create(directory, room, length, facts);
        } catch (final StoreFullException | StoreBusyException e) {
            throw receiver.refused(length.orElse(0), e);
        }
    }

    private static UploadId create(final ResumableDirectory directory, final SpaceReservation room, final OptionalLong length,
            final UploadInfo facts) throws IOException {
        final AtomicReference<UploadId> id = new AtomicReference<>();
        room.settle(() -> id.set(directory.create(new UploadState(0, length, false, facts.recorded()))));
        return id.get();
    }

    /**
     * Looks at an upload resource; waits for nobody who is at work for it.
     *
     * @throws RefusedException with {@link UploadUnknown}
     * @throws IOException if the store fails
     */
    public UploadResource look(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        return look(receiver.opened(() -> store.open(box.directory())), owner, id);
    }

    private UploadResource look(final ResumableDirectory directory, final Owner owner, final UploadId id)
            throws RefusedException, IOException {
        final Optional<UploadRecord> record = directory.look(id);
        return record.flatMap(its -> UploadInfo.of(its.state().facts()))
                .map(facts -> facts.resource(record.get(), staleAfter))
                .filter(resource -> resource.owner().equals(owner) && clock.instant().isBefore(resource.expires()))
                .orElseThrow(() -> new RefusedException(new UploadUnknown()));
    }

    /**
     * Looks at an upload resource that nobody is at work for, so that what is told of it stays true until its owner goes on.
     *
     * @throws RefusedException with {@link UploadUnknown}, or {@link UploadBusy} if a request has it open, here or elsewhere
     * @throws IOException if the store fails
     */
    public UploadResource lookAtRest(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        final ResumableDirectory directory = receiver.opened(() -> store.open(box.directory()));
        final UploadResource found = look(directory, owner, id);
        if (found.isComplete()) {
            return found;
        }
        occupy(id, () -> { });
        try {
            final Optional<PendingUpload> held = directory.resume(id);
            if (held.isPresent()) {
                held.get().close();
            }
            return look(directory, owner, id);
        } catch (final UploadLockedException elsewhere) {
            throw new RefusedException(new UploadBusy());
        } finally {
            closed(id);
        }
    }

    private void occupy(final UploadId id, final Runnable giveUp) throws RefusedException {
        if (open.putIfAbsent(id, new Handover(giveUp, new AtomicBoolean(), new CompletableFuture<>())) != null) {
            throw new RefusedException(new UploadBusy());
        }
    }

    /**
     * Asks the append of this process that is open for an upload resource, if there is one, to give up, by running what
     * it gave for that. To be called for a request of the same owner, after {@link #look}.
     *
     * @return done when that append is closed: on the thread that closes it, or at once
     */
    public CompletionStage<Void> takeOver(final UploadId id) {
        final Handover older = open.get(id);
        if (older == null) {
            return CompletableFuture.completedStage(null);
        }
        if (older.asked().compareAndSet(false, true)) {
            older.giveUp().run();
        }
        return older.closed().minimalCompletionStage();
    }

    /**
     * Opens an upload resource to append to it, to complete it, or both.
     *
     * @param offset where the client goes on
     * @param giveUp is run, once and on any thread, when a newer request wants the upload resource, perhaps before this
     *        returns: the append is then to be closed soon
     * @return to be closed in any case
     * @throws RefusedException with {@link UploadUnknown}, {@link WrongOffset}, {@link UploadComplete}, {@link UploadBusy}
     *         if another request has it open, or as there is no space for the rest
     * @throws IOException if the store fails
     */
    public Append append(final DropBox box, final Owner owner, final UploadId id, final long offset, final Runnable giveUp)
            throws RefusedException, IOException {
        final ResumableDirectory directory = receiver.opened(() -> store.open(box.directory()));
        if (look(directory, owner, id).isComplete()) {
            throw new RefusedException(new UploadComplete());
        }
        occupy(id, giveUp);
        Append append = null;
        try {
            append = open(directory, box, id, offset);
        } catch (final UploadLockedException elsewhere) {
            throw new RefusedException(new UploadBusy());
        } catch (final StoreFullException | StoreBusyException e) {
            throw receiver.refused(0, e);
        } finally {
            if (append == null) {
                closed(id);
            }
        }
        return append;
    }

    /** All is looked at again, now that nobody else changes it. */
    private Append open(final ResumableDirectory directory, final DropBox box, final UploadId id, final long offset)
            throws RefusedException, IOException {
        final PendingUpload upload =
                directory.resume(id, OptionalLong.of(offset)).orElseThrow(() -> new RefusedException(new UploadUnknown()));
        Append append = null;
        try {
            if (offset != upload.state().offset()) {
                throw new RefusedException(new WrongOffset(upload.state().offset(), offset));
            }
            append = new Append(this, receiver, directory, box, id, upload);
        } finally {
            if (append == null) {
                upload.close();
            }
        }
        return append;
    }

    /** For what is to happen every so often. */
    long millis() {
        return clock.millis();
    }

    /** Nothing of an upload resource is open any more. */
    void closed(final UploadId id) {
        open.remove(id).closed().complete(null);
    }

    /** The digests of what has come until now, or of the beginning of it. */
    Hashing hashing(final UploadId id, final long offset, final Map<DigestAlgorithm, byte[]> expected) {
        final Hashing remembered = hashings.getIfPresent(id);
        return remembered != null && remembered.position() <= offset
                ? remembered.copy() : new Hashing(expected, receiver.helpers());
    }

    void remember(final UploadId id, final Hashing hashing) {
        hashings.put(id, hashing.copy());
    }

    void forget(final UploadId id) {
        hashings.invalidate(id);
    }

    /**
     * Removes an upload resource, complete or not, and gives back what was reserved for it. What was published stays.
     *
     * @throws RefusedException with {@link UploadUnknown}, or {@link UploadBusy} if a request has it open
     * @throws IOException if the store fails
     */
    public void cancel(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        final ResumableDirectory directory = receiver.opened(() -> store.open(box.directory()));
        look(directory, owner, id);
        if (open.containsKey(id)) {
            throw new RefusedException(new UploadBusy());
        }
        try {
            directory.remove(id);
        } catch (final UploadLockedException inUse) {
            throw new RefusedException(new UploadBusy());
        }
        forget(id);
        if (box.quota().isPresent()) {
            receiver.reserveQuota(directory, box.quota()).forgetRemoved();
        }
    }
}
