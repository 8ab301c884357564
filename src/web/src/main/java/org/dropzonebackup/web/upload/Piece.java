package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.Refusal.WrongOffset;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * One request's piece of an upload: appended to an upload resource, which is complete with the last one.
 *
 * <p>When the request breaks off, what came is kept, unless it came with a checksum that nobody can verify now. An upload
 * resource that this very request made is removed then: its client never learned where it is.
 */
public final class Piece implements BodyHandler {

    private static final System.Logger LOG = System.getLogger(Piece.class.getName());

    private final OwnUploads uploads;
    private final Place place;
    private final Content content;
    private final Ending ending;
    private final Runnable giveUp;

    private UploadId id;
    /** Null before it is begun, after all is kept, and where nothing can be added. */
    private Append append;
    private String name = "";
    /** Whether the client knows the upload resource, and can go on with it. */
    private boolean resumes;
    /** Whether what was appended may be kept: it came without checksum or matches it, and the store has not failed. */
    private boolean sound;
    private UploadResource outcome;
    /** Whether all of the piece came, and is checkpointed or about to be published. */
    private boolean kept;
    /** If this is the last piece; known when all of it came. */
    private Optional<Completion> completion = Optional.empty();

    /** Where a piece goes. */
    public sealed interface Place {

        /**
         * Into an upload resource that is to be made.
         *
         * @param notes come back with every look at it
         */
        record New(Submission submission, Map<String, String> notes) implements Place {
        }

        /**
         * Into one that is there.
         *
         * @param offset where the client goes on
         */
        record Known(UploadId id, long offset) implements Place {
        }
    }

    /**
     * What the request says of its piece.
     *
     * @param size bytes, if they are known
     * @param whole bytes of the whole upload, if they are known
     * @param checksum of the piece, if there is one
     */
    public record Content(OptionalLong size, OptionalLong whole, Optional<Checksum> checksum) {

        /** Of a request that carries nothing. */
        static final Content NOTHING = new Content(OptionalLong.of(0), OptionalLong.empty(), Optional.empty());

        /**
         * The size of a request's body, if its headers say it.
         *
         * @throws ProblemException if the body is encoded
         */
        public static OptionalLong sizeOf(final HttpServletRequest request) throws ProblemException {
            Submission.refuseEncoded(request);
            final long length = request.getContentLengthLong();
            return length < 0 && EarlyAnswer.hasBody(request) ? OptionalLong.empty() : OptionalLong.of(Math.max(0, length));
        }
    }

    /** What a protocol makes of the end of a piece. */
    public interface Ending {

        /**
         * @param append with all of the piece
         * @return whether the upload is complete with it
         * @throws RefusedException if it should be, and is not; the piece is kept
         */
        boolean isLast(Append append) throws RefusedException;

        /** Whether an upload is over when its client announces more than it said there would be, before any of it came. */
        boolean endsWithTooMuch();

        /** All came, and the upload is refused nevertheless: that is its end. */
        void refusedForGood();
    }

    /**
     * @param giveUp ends the request
     */
    Piece(final OwnUploads uploads, final Place place, final Content content, final Ending ending, final Runnable giveUp) {
        this.uploads = uploads;
        this.place = place;
        this.content = content;
        this.ending = ending;
        this.giveUp = giveUp;
    }

    /** The upload resource, as it is when all of the piece is kept. */
    UploadResource outcome() {
        return outcome;
    }

    @Override
    public Optional<Suspension> beforehand() {
        return place instanceof Place.Known known ? Optional.of(uploads.takeOver(known.id())) : Optional.empty();
    }

    @Override
    public boolean resumes() {
        return resumes;
    }

    @Override
    public boolean beginsSlowly() {
        return true;
    }

    @Override
    public Optional<Receipt> begin() throws RefusedException, IOException {
        long offset = 0;
        if (place instanceof Place.Known known) {
            resumes = true;
            id = known.id();
            offset = known.offset();
            final UploadResource found = uploads.look(id);
            if (found.isComplete()) {
                addToComplete(found, offset);
                return Optional.empty();
            }
        } else if (place instanceof Place.New made) {
            name = made.submission().announcement().submittedName().orElse("");
            id = uploads.create(made.submission(), made.notes());
        }
        append = uploads.append(id, offset, giveUp);
        final long end = offset + content.size().orElse(0);
        refuseTooMuch(end);
        if (content.whole().isPresent()) {
            append.announce(content.whole().getAsLong());
            refuseTooMuch(end);
        }
        sound = content.checksum().isEmpty();
        return Optional.empty();
    }

    private void refuseTooMuch(final long end) throws RefusedException {
        if (append.length().orElse(end) < end) {
            resumes &= !ending.endsWithTooMuch();
            throw new RefusedException(new LengthChanged(append.length().getAsLong(), end));
        }
    }

    /** A piece of nothing is acknowledged: its client may never have had the answer to the last one. */
    private void addToComplete(final UploadResource found, final long offset) throws RefusedException {
        if (found.offset() != offset) {
            throw new RefusedException(new WrongOffset(found.offset(), offset));
        }
        refuseMore(found, content.size().orElse(0));
        outcome = found;
    }

    private static void refuseMore(final UploadResource complete, final long bytes) throws RefusedException {
        if (bytes > 0) {
            throw new RefusedException(new LengthChanged(complete.offset(), complete.offset() + bytes));
        }
    }

    @Override
    public long position() {
        return append == null ? 0 : append.offset();
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        if (append == null) {
            refuseMore(outcome, in.remaining());
            return Optional.empty();
        }
        content.checksum().ifPresent(checksum -> checksum.update(in));
        final boolean wasSound = sound;
        sound = false;
        try {
            append.write(in, memory);
        } catch (final RefusedException e) {
            sound = wasSound;
            // More than was said: nothing that comes later could be trusted
            resumes &= !(e.refusal() instanceof LengthChanged);
            throw e;
        }
        sound = wasSound;
        return sound ? pauseDue() : Optional.empty();
    }

    /** Whoever sends waits for a checkpoint, and while the digests come nearer that are behind. */
    private Optional<Suspension> pauseDue() {
        final UploadContext.Workers workers = uploads.desk().workers();
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

    @Override
    public void end() throws ProblemException {
        if (content.checksum().isPresent()) {
            content.checksum().get().verify();
            sound = true;
        }
    }

    @Override
    public boolean readsBack() {
        return append != null && kept && (completion.isPresent() ? completion.get().readsBack() : append.readsBack());
    }

    @Override
    public boolean readBack() throws RefusedException, IOException {
        return completion.isPresent() ? completion.get().readBack() : append.readBack();
    }

    @Override
    public List<Receipt> commit() throws RefusedException, IOException {
        if (append == null) {
            return List.of();
        }
        if (!kept) {
            keep();
        }
        List<Receipt> receipts = List.of();
        if (completion.isPresent() && !readsBack()) {
            sound = false;
            receipts = completion.get().publish();
        }
        if (readsBack()) {
            sound = true;
            return receipts;
        }
        resumes = true;
        append.close();
        append = null;
        outcome = uploads.look(id);
        return receipts;
    }

    private void keep() throws RefusedException, IOException {
        if (ending.isLast(append)) {
            final UploadResource whole = uploads.look(id);
            name = whole.submittedName().orElse("");
            completion = Optional.of(new Completion(append, whole, () -> {
                resumes = false;
                ending.refusedForGood();
            }));
        } else {
            checkpoint();
        }
        kept = true;
    }

    @Override
    public List<String> names() {
        return List.of(name);
    }

    /** On a worker: what came is still to be made durable. A newer request for the upload resource waits for that. */
    @Override
    public void close() {
        if (id == null || append == null && resumes) {
            return;
        }
        boolean handedOn = false;
        try {
            uploads.desk().workers().commits().execute(this::letGo);
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
        try {
            if (append == null) {
                uploads.cancel(id);
            } else {
                keepOrRemove();
            }
        } catch (final RefusedException e) {
            LOG.log(Level.DEBUG, "an upload ends with its last request", e);
        } catch (final IOException | RuntimeException | Error e) {
            LOG.log(Level.WARNING, "what came last to an upload is lost, or what is left of one stays until it expires", e);
        }
    }

    private void keepOrRemove() throws RefusedException, IOException {
        try (Append open = append) {
            if (!resumes) {
                open.remove();
            } else if (sound) {
                open.checkpoint();
            }
        }
    }
}
