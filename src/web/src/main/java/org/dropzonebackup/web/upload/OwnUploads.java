package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Owner;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.ResumableReceiver;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.problem.AuditTrail;

/**
 * The upload resources of one sender; those of others are not there. Everything may wait for the device.
 *
 * @param receiver keeps them
 * @param box where their files go
 * @param owner the sender, by one protocol
 */
public record OwnUploads(ResumableReceiver receiver, DropBox box, Owner owner) {

    /** Of whom the filter let pass. */
    public static OwnUploads of(final HttpServletRequest request, final ResumableReceiver receiver, final String protocol) {
        return new OwnUploads(receiver, (DropBox) request.getAttribute(UploadServlet.DROP_BOX),
                new Owner(Optional.ofNullable(request.getRemoteUser()), protocol));
    }

    /**
     * Makes one.
     *
     * @param submission what will be in it
     * @param notes come back with every look at it
     * @throws RefusedException if it is not admitted
     * @throws IOException if the store fails
     */
    UploadId create(final Submission submission, final Map<String, String> notes)
            throws RefusedException, IOException {
        final Announcement announced = submission.announcement();
        return submission.boundary().isPresent()
                ? receiver.createBody(box, owner, announced.length(), submission.notes(notes))
                : receiver.create(box, owner, announced, notes);
    }

    /**
     * @throws RefusedException if there is none, or it is not the sender's
     * @throws IOException if the store fails
     */
    public UploadResource look(final UploadId id) throws RefusedException, IOException {
        return receiver.look(box, owner, id);
    }

    /**
     * @param giveUp run when a newer request wants it
     * @throws RefusedException if there is none, it goes on elsewhere, or is complete
     * @throws IOException if the store fails
     */
    Append append(final UploadId id, final long offset, final Runnable giveUp) throws RefusedException, IOException {
        return receiver.append(box, owner, id, offset, giveUp);
    }

    /**
     * Completes one of which all came before a server could.
     *
     * @return the receipts of its files
     * @throws RefusedException if that cannot be
     * @throws IOException if the store fails
     */
    public List<Receipt> complete(final UploadResource upload) throws RefusedException, IOException {
        try (Append append = append(upload.id(), upload.offset(), () -> { })) {
            return append.complete();
        }
    }

    /**
     * Ends one, because its client wants it.
     *
     * @param trail of the request
     * @throws RefusedException if there is none
     * @throws IOException if the store fails
     */
    public void cancel(final UploadId id, final Optional<AuditTrail> trail) throws RefusedException, IOException {
        final UploadResource upload = look(id);
        cancel(id);
        if (!upload.isComplete()) {
            trail.ifPresent(told -> told.cancelled(upload.submittedName().orElse(""), upload.offset()));
        }
    }

    /**
     * @throws RefusedException if there is none
     * @throws IOException if the store fails
     */
    void cancel(final UploadId id) throws RefusedException, IOException {
        receiver.cancel(box, owner, id);
    }

    /** Until no older request is at work for it: that one's client has long given up, or it would not ask again. */
    Pause takeOver(final UploadId id, final Executor worker) {
        return goOn -> Pause.on(worker, () -> look(id)).begin(found -> receiver.takeOver(id)
                .whenComplete((done, fault) -> goOn.accept(found)));
    }
}
