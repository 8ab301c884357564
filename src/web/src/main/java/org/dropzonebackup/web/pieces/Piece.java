package org.dropzonebackup.web.pieces;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.Refusal.WrongOffset;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.dropzonebackup.web.upload.BodyHandler;
import org.dropzonebackup.web.upload.Suspension;

/**
 * Handles the body of a request that carries a piece of an upload: checks it against what the request says, and appends it to an
 * {@link OpenResource}, which the last piece completes.
 */
public final class Piece implements BodyHandler {

    private final OwnUploads uploads;
    private final Place place;
    private final PieceContent content;
    private final Ending ending;
    private final Runnable giveUp;

    /** Null before it is known. */
    private OpenResource resource;
    private UploadResource outcome;
    private List<Receipt> receipts = List.of();

    /** Where a piece goes. */
    public sealed interface Place {

        /**
         * A new upload resource.
         *
         * @param notes are told with every look at it
         */
        record New(Submission submission, Map<String, String> notes) implements Place {
        }

        /**
         * An upload resource that is there.
         *
         * @param offset where the client goes on
         */
        record Known(UploadId id, long offset) implements Place {
        }
    }

    /** The rules of a protocol for the end of a piece. */
    public interface Ending {

        /**
         * @param append with all of the piece
         * @return whether the upload is complete with it
         * @throws RefusedException if it should be, and is not; the piece is kept
         */
        boolean isLast(Append append) throws RefusedException;

        /** Whether an upload ends when a client announces a piece that goes beyond its length. */
        boolean endsWithTooMuch();

        /** The complete upload is refused, and no retry can change that. */
        void refusedForGood();

        /** What the client is told of a refusal. */
        default Problem problem(final Refusal refusal) {
            return Problem.of(refusal);
        }
    }

    /**
     * @param giveUp ends the request
     */
    Piece(final OwnUploads uploads, final Place place, final PieceContent content, final Ending ending, final Runnable giveUp) {
        this.uploads = uploads;
        this.place = place;
        this.content = content;
        this.ending = ending;
        this.giveUp = giveUp;
    }

    @Override
    public Suspension begin() {
        final Suspension opening = Suspension.on(uploads.context().workers().admission(), this::open);
        return place instanceof Place.Known known ? uploads.takeOver(known.id()).then(() -> opening) : opening;
    }

    /**
     * Opens the upload resource, once no older request is at work for it; waits for the device.
     *
     * @throws RefusedException if the piece does not fit
     * @throws IOException if the store fails
     */
    void open() throws RefusedException, IOException {
        long offset = 0;
        if (place instanceof Place.Known known) {
            resource = new OpenResource(uploads, known.id(), true);
            offset = known.offset();
            final UploadResource found = uploads.look(known.id());
            if (found.isComplete()) {
                addToComplete(found, offset);
                return;
            }
        } else if (place instanceof Place.New made) {
            resource = new OpenResource(uploads, uploads.create(made.submission(), made.notes()), false);
        }
        final Append append = resource.open(offset, giveUp);
        final long end = offset + content.size().orElse(0);
        refuseTooMuch(append, end);
        if (content.whole().isPresent()) {
            append.announce(content.whole().getAsLong());
            refuseTooMuch(append, end);
        }
        if (content.checksum().isEmpty()) {
            resource.isSound();
        }
    }

    private void refuseTooMuch(final Append append, final long end) throws RefusedException {
        if (append.length().orElse(end) < end) {
            resource.resumes(!ending.endsWithTooMuch());
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
        return resource.offset();
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        if (!resource.isOpen()) {
            refuseMore(outcome, in.remaining());
            return Optional.empty();
        }
        content.checksum().ifPresent(checksum -> checksum.update(in));
        return resource.write(in, memory);
    }

    @Override
    public void end() throws ProblemException {
        if (content.checksum().isPresent()) {
            content.checksum().get().verify();
            resource.isSound();
        }
    }

    @Override
    public Suspension commit() {
        return !resource.isOpen() ? Suspension.NONE : resource.keep(ending, (upload, published) -> {
            outcome = upload;
            receipts = published;
        });
    }

    @Override
    public List<Receipt> outcome() {
        return receipts;
    }

    /** The upload resource, as it is when all of the piece is kept. */
    UploadResource resource() {
        return outcome;
    }

    @Override
    public List<String> names() {
        final Optional<String> name = place instanceof Place.New made ? made.submission().announcement().submittedName()
                : Optional.ofNullable(resource).flatMap(OpenResource::submittedName);
        return List.of(name.orElse(""));
    }

    @Override
    public Problem problem(final Refusal refusal) {
        return ending.problem(refusal);
    }

    @Override
    public boolean resumes() {
        return resource != null && resource.resumes();
    }

    @Override
    public void close() {
        if (resource != null) {
            resource.close();
        }
    }
}
