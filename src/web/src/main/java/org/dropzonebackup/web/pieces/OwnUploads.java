package org.dropzonebackup.web.pieces;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Owner;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.ResumableReceiver;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.upload.Suspension;
import org.dropzonebackup.web.upload.UploadContext;
import org.dropzonebackup.web.upload.UploadServlet;

/**
 * The upload resources of the sender of one request; those of others do not exist for it.
 *
 * @param request which its container may reuse for another once it is answered
 * @param trail of the request
 * @param context what all uploads share
 * @param receiver keeps the upload resources
 * @param box where their files go
 * @param owner the sender, by one protocol
 */
public record OwnUploads(HttpServletRequest request, Optional<AuditTrail> trail, UploadContext context,
        ResumableReceiver receiver, DropBox box, Owner owner) {

    /** The upload resources of the sender of a request that was let in. */
    public static OwnUploads of(final HttpServletRequest request, final UploadContext context, final ResumableReceiver receiver,
            final String protocol) {
        return new OwnUploads(request, AuditTrail.of(request), context, receiver,
                (DropBox) request.getAttribute(UploadServlet.DROP_BOX),
                new Owner(Optional.ofNullable(request.getRemoteUser()), protocol));
    }

    /** An operation on an upload resource. It may take as long as the device needs. */
    @FunctionalInterface
    public interface Operation {
        /**
         * @return the upload resource of which the client is told
         * @throws RefusedException if it is refused
         * @throws IOException if the store fails
         */
        UploadResource run() throws RefusedException, IOException;
    }

    /** Writes the answer to a request that was not refused. */
    @FunctionalInterface
    public interface ResourceAnswer {
        /**
         * @param upload as it is now
         * @param receipts of what this request published
         * @throws IOException if the client is gone
         */
        void write(HttpServletRequest request, HttpServletResponse response, UploadResource upload, List<Receipt> receipts)
                throws IOException;
    }

    /** Begins to read the piece that the request carries; it is answered later, on another thread. */
    public void receive(final Piece.Place place, final PieceContent content, final Piece.Ending ending,
            final ResourceAnswer answer) {
        final AtomicReference<Piece> piece = new AtomicReference<>();
        context.receive(request, (asked, response, receipts) -> answer.write(asked, response, piece.get().resource(), receipts),
                giveUp -> {
                    piece.set(new Piece(this, place, content, ending, giveUp));
                    return piece.get();
                });
    }

    /**
     * Runs an operation on a worker, once no older request is at work for the upload resource, and answers the request.
     *
     * @param ending completes the upload afterwards, if all of it has come and it could not be completed then; none: it is not
     */
    public void run(final UploadId id, final Operation operation, final Optional<Piece.Ending> ending,
            final ResourceAnswer answer) {
        final AtomicReference<ResourceQuery> query = new AtomicReference<>();
        context.receive(request, (asked, response, receipts) -> answer.write(asked, response, query.get().resource(), receipts),
                giveUp -> {
                    query.set(new ResourceQuery(takeOver(id), context.workers(), operation, found -> ending
                            .filter(its -> !found.isComplete() && found.length().equals(OptionalLong.of(found.offset())))
                            .map(its -> new Piece(this, new Piece.Place.Known(id, found.offset()), PieceContent.NOTHING, its, giveUp))));
                    return query.get();
                });
    }

    /** Asks an older request for the upload resource to end, and awaits that: its client has long given it up. */
    Suspension takeOver(final UploadId id) {
        return ended -> Suspension.on(context.workers().admission(), () -> look(id))
                .begin(thrown -> awaitOlder(id, () -> ended.accept(thrown)));
    }

    /** If that fails, whoever opens the upload resource finds it in use. */
    private void awaitOlder(final UploadId id, final Runnable goOn) {
        CompletionStage<Void> over = CompletableFuture.completedFuture(null);
        try {
            over = receiver.takeOver(id);
        } finally {
            over.whenComplete((done, fault) -> goOn.run());
        }
    }

    UploadId create(final Submission submission, final Map<String, String> notes) throws RefusedException, IOException {
        final Announcement announced = submission.announcement();
        return submission.boundary().isPresent()
                ? receiver.createBody(box, owner, announced, submission.notes(notes))
                : receiver.create(box, owner, announced, notes);
    }

    Append append(final UploadId id, final long offset, final Runnable giveUp) throws RefusedException, IOException {
        return receiver.append(box, owner, id, offset, giveUp);
    }

    UploadResource look(final UploadId id) throws RefusedException, IOException {
        return receiver.look(box, owner, id);
    }

    /**
     * Looks at an upload resource that no request is at work for.
     *
     * @throws RefusedException if there is none, or another server has it
     * @throws IOException if the store fails
     */
    public UploadResource lookAtRest(final UploadId id) throws RefusedException, IOException {
        return receiver.lookAtRest(box, owner, id);
    }

    /**
     * Cancels an upload.
     *
     * @return the upload resource as it was
     * @throws RefusedException if there is none
     * @throws IOException if the store fails
     */
    public UploadResource cancel(final UploadId id) throws RefusedException, IOException {
        final UploadResource upload = look(id);
        receiver.cancel(box, owner, id);
        if (!upload.isComplete()) {
            trail.ifPresent(told -> told.cancelled(List.of(upload.submittedName().orElse("")), upload.offset()));
        }
        return upload;
    }
}
