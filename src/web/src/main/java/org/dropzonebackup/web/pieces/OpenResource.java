package org.dropzonebackup.web.pieces;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.Completion;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.upload.MultipartBody;
import org.dropzonebackup.web.upload.Suspension;
import org.dropzonebackup.web.upload.UploadContext;

/**
 * The upload resource that one request appends to. When the request breaks off, what came is kept, unless it came with a
 * checksum that nobody can verify now; an upload resource whose client does not know it, or cannot go on with it, is removed.
 * Belongs to one {@link Piece}; not safe for threads.
 */
public final class OpenResource {

    private static final System.Logger LOG = System.getLogger(OpenResource.class.getName());

    private final OwnUploads uploads;
    private final UploadId id;
    /** Null before it is open, and after all is kept. */
    private Append append;
    /** Whether the client knows the upload resource, and can go on with it. */
    private boolean resumes;
    /** Whether what was appended may be kept: it is what the client sent, and the store has not failed. */
    private boolean sound;
    /** Whether all of the request is kept, and checkpointed or about to be published. */
    private boolean kept;
    /** If this request completes the upload. */
    private Optional<Completion> completion = Optional.empty();
    private Optional<String> submittedName = Optional.empty();

    /**
     * @param resumes whether the client knows the upload resource already
     */
    OpenResource(final OwnUploads uploads, final UploadId id, final boolean resumes) {
        this.uploads = uploads;
        this.id = id;
        this.resumes = resumes;
    }

    /**
     * Opens it.
     *
     * @param giveUp is run when a newer request wants it
     * @throws RefusedException if it cannot be gone on with from that offset
     * @throws IOException if the store fails
     */
    Append open(final long offset, final Runnable giveUp) throws RefusedException, IOException {
        append = uploads.append(id, offset, giveUp);
        return append;
    }

    boolean isOpen() {
        return append != null;
    }

    long offset() {
        return isOpen() ? append.offset() : 0;
    }

    boolean resumes() {
        return resumes;
    }

    /** Says whether the upload may resume; once it may not, that stays. */
    void resumes(final boolean may) {
        resumes &= may;
    }

    /** Says that what was appended is what the client sent. */
    void isSound() {
        sound = true;
    }

    /**
     * Appends bytes, unless they are refused.
     *
     * @return work that has to end before more is appended
     * @throws RefusedException if they are refused; what came before stays
     * @throws IOException if the store fails; what came since the last checkpoint is lost
     */
    Optional<Suspension> write(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        final boolean wasSound = sound;
        sound = false;
        try {
            append.write(in, memory);
        } catch (final RefusedException e) {
            sound = wasSound;
            resumes &= !(e.refusal() instanceof LengthChanged);
            throw e;
        }
        sound = wasSound;
        return sound ? workDue() : Optional.empty();
    }

    /** The client waits for a checkpoint, and for digests that are far behind what was appended. */
    private Optional<Suspension> workDue() {
        final UploadContext.Workers workers = uploads.context().workers();
        if (append.isCheckpointDue()) {
            return Optional.of(Suspension.on(workers.commits(), this::checkpoint));
        }
        return append.readsBack() ? Optional.of(Suspension.inTurns(workers.readBack(), append::readBack)) : Optional.empty();
    }

    private void checkpoint() throws RefusedException, IOException {
        sound = false;
        append.checkpoint();
        sound = true;
    }

    /**
     * Keeps all that came, and publishes it if the upload is complete with it.
     *
     * @param done takes the upload resource as it is then, and the receipts of what was published
     */
    Suspension keep(final Piece.Ending ending, final BiConsumer<UploadResource, List<Receipt>> done) {
        final UploadContext.Workers workers = uploads.context().workers();
        return Suspension.attempts(workers.commits(), workers.commits(), () -> keepNow(ending, done), this::readsBack,
                Suspension.inTurns(workers.readBack(), () ->
                        completion.isPresent() ? noticingTheEnd(ending, completion.get()::readBack) : append.readBack()));
    }

    private interface Step<T> {
        T run() throws RefusedException, IOException;
    }

    /** A refusal that no retry can change ends the upload resource. */
    private <T> T noticingTheEnd(final Piece.Ending ending, final Step<T> step) throws RefusedException, IOException {
        try {
            return step.run();
        } catch (final RefusedException e) {
            if (!e.refusal().isRetryable()) {
                resumes = false;
                ending.refusedForGood();
            }
            throw e;
        }
    }

    private boolean readsBack() {
        return append != null && (completion.isPresent() ? completion.get().readsBack() : append.readsBack());
    }

    private void keepNow(final Piece.Ending ending, final BiConsumer<UploadResource, List<Receipt>> done)
            throws RefusedException, IOException {
        if (!kept) {
            if (ending.isLast(append)) {
                submittedName = uploads.look(id).submittedName();
                completion = Optional.of(append.complete(
                        (notes, files) -> MultipartBody.parser(Submission.boundaryIn(notes), files)));
            } else {
                checkpoint();
            }
            kept = true;
        }
        List<Receipt> receipts = List.of();
        if (completion.isPresent() && !readsBack()) {
            sound = false;
            receipts = noticingTheEnd(ending, completion.get()::commit);
        }
        if (readsBack()) {
            sound = true;
            return;
        }
        resumes = true;
        append.close();
        append = null;
        done.accept(uploads.look(id), receipts);
    }

    /** The name that the client gave the file, if the upload is being completed. */
    Optional<String> submittedName() {
        return submittedName;
    }

    /** Keeps or removes, on a worker, what is not kept yet. A newer request for the upload resource waits for that. */
    void close() {
        if (append == null && resumes) {
            return;
        }
        boolean handedOn = false;
        try {
            uploads.context().workers().commits().execute(this::letGo);
            handedOn = true;
        } catch (final RejectedExecutionException stopping) {
            LOG.log(Level.DEBUG, "an upload breaks off while the application stops", stopping);
        } finally {
            if (!handedOn) {
                letGo();
            }
        }
    }

    private void letGo() {
        try (Append open = append) {
            if (open == null) {
                uploads.cancel(id);
            } else if (!resumes) {
                open.remove();
            } else if (sound) {
                open.checkpoint();
            }
        } catch (final RefusedException e) {
            LOG.log(Level.DEBUG, "an upload ends with its last request", e);
        } catch (final IOException | RuntimeException | Error e) {
            LOG.log(Level.WARNING, "what came last to an upload is lost, or what is left of one stays until it expires", e);
        }
    }
}
