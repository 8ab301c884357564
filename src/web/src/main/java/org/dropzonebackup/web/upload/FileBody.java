package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Submission;

/** A body of whole files, which an {@link UploadTransaction} publishes together or not at all. */
abstract class FileBody implements BodyHandler {

    private final UploadContext.Workers workers;
    private List<Receipt> receipts = List.of();
    /** Null before it is known where the files go. */
    private UploadTransaction transaction;

    FileBody(final UploadContext.Workers workers) {
        this.workers = workers;
    }

    /**
     * The handler of a body whose sender is known.
     *
     * @param transaction takes the files
     * @param workers run what waits for the device
     */
    static FileBody of(final Submission submission, final UploadTransaction transaction, final UploadContext.Workers workers) {
        if (submission.boundary().isEmpty()) {
            return new RawBody(transaction, submission.announcement(), submission.framed(), workers);
        }
        transaction.claim(submission.announcement());
        return new MultipartBody(submission.boundary().get(), transaction, workers);
    }

    final void open(final UploadTransaction files) {
        transaction = files;
    }

    final boolean isOpen() {
        return transaction != null;
    }

    final UploadTransaction transaction() {
        return transaction;
    }

    final UploadContext.Workers workers() {
        return workers;
    }

    /** Work of the transaction, done again after stored files were read if it finds that they have to be. */
    final Suspension attempts(final boolean slowly, final Executor worker, final Attempt attempt) {
        return Suspension.attempts(slowly ? worker : Runnable::run, worker, () -> receipts = attempt.run(),
                () -> transaction.readsBack(), Suspension.inTurns(workers.readBack(), () -> transaction.readBack()));
    }

    /** Work of which receipts come. */
    @FunctionalInterface
    interface Attempt {
        List<Receipt> run() throws RefusedException, IOException;
    }

    @Override
    public final long position() {
        return isOpen() ? transaction.position() : 0;
    }

    @Override
    public final Suspension commit() {
        return attempts(transaction.commitsSlowly(), workers.commits(), transaction::commit);
    }

    @Override
    public final List<Receipt> outcome() {
        return receipts;
    }

    @Override
    public final void close() throws IOException {
        if (isOpen()) {
            transaction.close();
        }
    }
}
