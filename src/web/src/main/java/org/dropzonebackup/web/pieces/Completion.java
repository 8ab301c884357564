package org.dropzonebackup.web.pieces;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.upload.MultipartBody;

/**
 * The completion of an upload resource that has all its bytes: some of them may have to be read back, then it is published.
 * Belongs to one {@link OpenResource}; not safe for threads.
 */
public final class Completion {

    private final Append append;
    private final UploadResource upload;
    private final Runnable refusedForGood;

    /**
     * @param append with all bytes
     * @param upload as it was looked up last
     * @param refusedForGood run when the upload is refused, which no retry can change
     */
    Completion(final Append append, final UploadResource upload, final Runnable refusedForGood) {
        this.append = append;
        this.upload = upload;
        this.refusedForGood = refusedForGood;
    }

    /** The name that the client gave the file. */
    Optional<String> submittedName() {
        return upload.submittedName();
    }

    private boolean isToBeUnpacked() {
        return upload.body() && !append.isUnpacked();
    }

    /** Whether bytes have to be read before it can be published. */
    boolean readsBack() {
        return isToBeUnpacked() || append.readsBack();
    }

    /** @return whether there is more to read */
    boolean readBack() throws RefusedException, IOException {
        if (isToBeUnpacked()) {
            ending(() -> append.unpack(files -> MultipartBody.parser(Submission.boundaryIn(upload.notes()), files)));
        } else {
            append.readBack();
        }
        return readsBack();
    }

    /** @return the receipts; none if it {@link #readsBack} now */
    List<Receipt> publish() throws RefusedException, IOException {
        return ending(append::complete);
    }

    private interface Step<T> {
        T run() throws RefusedException, IOException;
    }

    private <T> T ending(final Step<T> step) throws RefusedException, IOException {
        try {
            return step.run();
        } catch (final RefusedException e) {
            if (!(e.refusal() instanceof StorageFull) && !(e.refusal() instanceof Unavailable)) {
                refusedForGood.run();
            }
            throw e;
        }
    }
}
