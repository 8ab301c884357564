package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;

/** A request about an upload resource that carries nothing. */
final class Errand implements Intake {

    private final Pause takeOver;
    private final OwnUploads.Question question;
    private UploadResource outcome;

    /**
     * @param takeOver until no older request is at work for the upload resource
     */
    Errand(final Pause takeOver, final OwnUploads.Question question) {
        this.takeOver = takeOver;
        this.question = question;
    }

    UploadResource outcome() {
        return outcome;
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
    public Optional<Pause> accept(final ByteBuffer in, final Retainable memory) {
        in.position(in.limit());
        return Optional.empty();
    }

    @Override
    public void end() {
        // Nothing was expected
    }

    @Override
    public List<Receipt> commit() throws RefusedException, IOException {
        outcome = question.answer();
        return List.of();
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
