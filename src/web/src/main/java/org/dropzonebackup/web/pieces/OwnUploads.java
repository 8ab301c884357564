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
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.upload.Suspension;
import org.dropzonebackup.web.upload.UploadContext;
import org.dropzonebackup.web.upload.UploadServlet;

/**
 * The upload resources of the sender of one request; those of others are not there.
 *
 * @param request which its container may take for another once it is answered
 * @param trail of the request
 * @param context what all uploads share
 * @param receiver keeps them
 * @param box where their files go
 * @param owner the sender, by one protocol
 */
public record OwnUploads(HttpServletRequest request, Optional<AuditTrail> trail, UploadContext context, ResumableReceiver receiver,
        DropBox box, Owner owner) {

    /** Of a request that was let in. */
    public static OwnUploads of(final HttpServletRequest request, final UploadContext context, final ResumableReceiver receiver,
            final String protocol) {
        return new OwnUploads(request, AuditTrail.of(request), context, receiver, (DropBox) request.getAttribute(UploadServlet.DROP_BOX),
                new Owner(Optional.ofNullable(request.getRemoteUser()), protocol));
    }

    /** What is asked of an upload resource. May take as long as the device needs. */
    @FunctionalInterface
    public interface Question {
        /**
         * @return the upload resource that the client is told of
         * @throws RefusedException if it is refused
         * @throws IOException if the store fails
         */
        UploadResource answer() throws RefusedException, IOException;
    }

    /** What the client is told, if it is not refused. */
    @FunctionalInterface
    public interface Told {
        /**
         * @param upload as it is now
         * @param receipts of what this request published
         * @throws IOException if the client is gone
         */
        void write(HttpServletRequest request, HttpServletResponse response, UploadResource upload, List<Receipt> receipts)
                throws IOException;
    }

    /** Begins to read the piece that the request carries; all further of it happens later, on other threads. */
    public void receive(final Piece.Place place, final Piece.Content content, final Piece.Ending ending, final Told told) {
        final AtomicReference<Piece> piece = new AtomicReference<>();
        context.receive(request, (asked, response, receipts) ->
                told.write(asked, response, piece.get().resource(), receipts),
                giveUp -> {
                    piece.set(new Piece(this, place, content, ending, giveUp));
                    return piece.get();
                });
    }

    /** Answers the request by a worker, once no older request is at work for the upload resource. */
    public void ask(final UploadId id, final Question question, final Told told) {
        ask(id, question, Optional.empty(), told);
    }

    /** The same; if all of an upload came and it could not be completed then, it is now. */
    public void askCompleted(final UploadId id, final Question question, final Piece.Ending ending, final Told told) {
        ask(id, question, Optional.of(ending), told);
    }

    private void ask(final UploadId id, final Question question, final Optional<Piece.Ending> ending, final Told told) {
        final AtomicReference<ResourceQuery> query = new AtomicReference<>();
        context.receive(request, (asked, response, receipts) -> told.write(asked, response, query.get().resource(), receipts),
                giveUp -> {
                    query.set(new ResourceQuery(takeOver(id), context.workers(), question, found -> ending
                            .filter(its -> !found.isComplete() && found.length().equals(OptionalLong.of(found.offset())))
                            .map(its -> new Piece(this, new Piece.Place.Known(id, found.offset()), Piece.Content.NOTHING, its, giveUp))));
                    return query.get();
                });
    }

    /** An older request's client has long given it up, or it would not ask again. */
    Suspension takeOver(final UploadId id) {
        return goOn -> Suspension.on(context.workers().admission(), () -> look(id))
                .begin(found -> awaitOlder(id, () -> goOn.accept(found)));
    }

    /** Whatever goes wrong with that is told by whoever finds the upload resource in use then. */
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

    /**
     * Looks at an upload resource; may wait for the device, as the others do.
     *
     * @throws RefusedException if there is none
     * @throws IOException if the store fails
     */
    public UploadResource look(final UploadId id) throws RefusedException, IOException {
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
     * Ends an upload, because its client wants it.
     *
     * @return as it was
     * @throws RefusedException if there is none
     * @throws IOException if the store fails
     */
    public UploadResource cancel(final UploadId id) throws RefusedException, IOException {
        final UploadResource upload = look(id);
        receiver.cancel(box, owner, id);
        if (!upload.isComplete()) {
            trail.ifPresent(told -> told.cancelled(names(upload), upload.offset()));
        }
        return upload;
    }

    private static List<String> names(final UploadResource upload) {
        return List.of(upload.submittedName().orElse(""));
    }
}
