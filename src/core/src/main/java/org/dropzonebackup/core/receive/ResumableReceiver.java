package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
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
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;

/**
 * The entrance for uploads that come in several requests: an upload resource is created, appended to by one request at a time,
 * and completed. There is one for the whole application; safe for threads. Everything but {@link #takeOver} may wait for the
 * device.
 */
public final class ResumableReceiver {

    private final Receiver receiver;
    private final Duration staleAfter;
    private final Clock clock;
    private final ResourceDigests.Memory digests;
    private final ConcurrentMap<UploadId, Handover> open = new ConcurrentHashMap<>();

    /** Lets a newer request have what an older one has open. */
    private record Handover(Runnable giveUp, AtomicBoolean asked, CompletableFuture<Void> closed) {
    }

    /**
     * @param receiver whose store and limits hold here too
     * @param staleAfter how long nothing may come to an upload resource before it expires
     * @param clock for that
     */
    public ResumableReceiver(final Receiver receiver, final Duration staleAfter, final Clock clock) {
        this.receiver = receiver;
        this.staleAfter = staleAfter;
        this.clock = clock;
        this.digests = new ResourceDigests.Memory(receiver.threads());
    }

    /**
     * Creates an upload resource for a file, if name, size, quota and space admit what is announced, and the name is free or may
     * be taken. Where a file of that name is stored and digests are announced, that is decided in the end.
     *
     * @param notes come back with every look at it
     * @throws RefusedException if it is refused; nothing is there then
     * @throws IOException if the store fails; nothing is there then
     */
    public UploadId create(final DropBox box, final Owner owner, final Announcement announced, final Map<String, String> notes)
            throws RefusedException, IOException {
        final Directory directory = receiver.directory(box);
        final UploadInfo info = new UploadInfo(owner, announced.submittedName(), false, clock.instant(), announced.digests(),
                announced.onlyNew(), notes, List.of());
        return create(box, directory, announced.length(), info, reservation -> {
            final IncomingFile file = new IncomingFile(receiver, directory, box, announced, reservation);
            box.pass();
            file.admitResource();
        });
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
        box.pass();
        final UploadInfo info = new UploadInfo(owner, Optional.empty(), true, clock.instant(), announced.digests(),
                announced.onlyNew(), notes, List.of());
        return create(box, receiver.directory(box), announced.length(), info,
                reservation -> reservation.admit(announced.length().orElse(0)));
    }

    private interface Admission {
        void admit(SpaceReservation reservation) throws RefusedException, IOException;
    }

    private UploadId create(final DropBox box, final Directory directory, final OptionalLong length, final UploadInfo info,
            final Admission admission) throws RefusedException, IOException {
        final AtomicReference<UploadId> id = new AtomicReference<>();
        try (SpaceReservation reservation = receiver.reserve(directory, box)) {
            receiver.storing(length.orElse(0), () -> {
                admission.admit(reservation);
                reservation.settle(length.orElse(0),
                        () -> id.set(directory.create(new UploadState(0, length, false, info.recorded()))));
            });
        }
        return id.get();
    }

    /**
     * Looks at an upload resource; waits for nobody who is at work for it.
     *
     * @throws RefusedException with {@link UploadUnknown}
     * @throws IOException if the store fails
     */
    public UploadResource look(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        return proved(box, look(receiver.directory(box), owner, id));
    }

    /** With the entries of the journal that its receipts have; they are not recorded with it. */
    private UploadResource proved(final DropBox box, final UploadResource found) throws IOException {
        if (!found.isComplete()) {
            return found;
        }
        final List<Receipt> proved = new ArrayList<>();
        for (final Receipt receipt : found.receipts().get()) {
            proved.add(receiver.history().known(box, receipt));
        }
        return found.with(proved);
    }

    private UploadResource look(final Directory directory, final Owner owner, final UploadId id)
            throws RefusedException, IOException {
        final Optional<UploadRecord> record = directory.look(id);
        return record.flatMap(its -> UploadInfo.of(its.state().facts()))
                .map(info -> info.resource(record.get(), staleAfter))
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
        final Directory directory = receiver.directory(box);
        final UploadResource found = look(directory, owner, id);
        if (found.isComplete()) {
            return proved(box, found);
        }
        occupy(id, () -> { });
        try {
            final Optional<PendingUpload> held = directory.resume(id, OptionalLong.empty());
            if (held.isPresent()) {
                held.get().close();
            }
            return proved(box, look(directory, owner, id));
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
        final Directory directory = receiver.directory(box);
        if (look(directory, owner, id).isComplete()) {
            throw new RefusedException(new UploadComplete());
        }
        occupy(id, giveUp);
        final AtomicReference<Append> append = new AtomicReference<>();
        try {
            receiver.storing(0, () -> append.set(open(directory, box, id, offset)));
        } catch (final UploadLockedException elsewhere) {
            throw new RefusedException(new UploadBusy());
        } finally {
            if (append.get() == null) {
                closed(id);
            }
        }
        return append.get();
    }

    /** All is looked at again, now that nobody else changes it. */
    private Append open(final Directory directory, final DropBox box, final UploadId id, final long offset)
            throws RefusedException, IOException {
        final PendingUpload upload =
                directory.resume(id, OptionalLong.of(offset)).orElseThrow(() -> new RefusedException(new UploadUnknown()));
        boolean opened = false;
        try {
            if (offset != upload.state().offset()) {
                throw new RefusedException(new WrongOffset(upload.state().offset(), offset));
            }
            final Append append = new Append(this, receiver, directory, box, id, upload);
            append.admit();
            opened = true;
            return append;
        } finally {
            if (!opened) {
                upload.close();
            }
        }
    }

    long millis() {
        return clock.millis();
    }

    /** Nothing of an upload resource is open any more. */
    void closed(final UploadId id) {
        open.remove(id).closed().complete(null);
    }

    /** Digests of what came in earlier requests. */
    ResourceDigests.Memory digests() {
        return digests;
    }

    /**
     * Removes an upload resource, complete or not, and gives back what was reserved for it. What was published stays.
     *
     * @throws RefusedException with {@link UploadUnknown}, or {@link UploadBusy} if a request has it open
     * @throws IOException if the store fails
     */
    public void cancel(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        final Directory directory = receiver.directory(box);
        look(directory, owner, id);
        if (open.containsKey(id)) {
            throw new RefusedException(new UploadBusy());
        }
        try {
            directory.remove(id);
        } catch (final UploadLockedException inUse) {
            throw new RefusedException(new UploadBusy());
        }
        digests.forget(id);
        receiver.reserve(directory, box).forgetRemoved();
    }
}
