package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.UploadId;

/** A request about an upload resource that carries nothing, done once no older request is at work for that. */
public final class Errand implements Intake {

    private final Pause takeOver;
    private final Work work;

    /** What is to be done. May take as long as the device needs. */
    @FunctionalInterface
    public interface Work {
        /**
         * @return the receipts of what is published by it
         * @throws RefusedException if it is refused
         * @throws IOException if the store fails
         */
        List<Receipt> run() throws RefusedException, IOException;
    }

    /**
     * @param id of the upload resource
     * @param worker runs the work
     */
    public Errand(final OwnUploads uploads, final UploadId id, final Executor worker, final Work work) {
        this.takeOver = uploads.takeOver(id, worker);
        this.work = work;
    }

    @Override
    public Optional<Pause> beforehand() {
        return Optional.of(takeOver);
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public boolean beginsSlowly() {
        return false;
    }

    @Override
    public Optional<Receipt> begin() {
        return Optional.empty();
    }

    @Override
    public Optional<Pause> accept(final ByteBuffer in) {
        in.position(in.limit());
        return Optional.empty();
    }

    @Override
    public void end() {
        // Nothing was expected
    }

    @Override
    public List<Receipt> commit() throws RefusedException, IOException {
        return work.run();
    }

    @Override
    public List<String> names() {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is open
    }
}
