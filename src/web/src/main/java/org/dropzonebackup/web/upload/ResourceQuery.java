package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;

/** A request about an upload resource that carries nothing. */
final class ResourceQuery implements BodyHandler {

    private final Suspension takeOver;
    private final OwnUploads.Question question;
    private final Function<UploadResource, Optional<Piece>> rest;
    private UploadResource outcome;
    /** What completes the upload, if that is to be done. */
    private Optional<Piece> completion = Optional.empty();

    /**
     * @param takeOver until no older request is at work for the upload resource
     * @param rest what is still to be done for an upload resource, if anything is
     */
    ResourceQuery(final Suspension takeOver, final OwnUploads.Question question, final Function<UploadResource, Optional<Piece>> rest) {
        this.takeOver = takeOver;
        this.question = question;
        this.rest = rest;
    }

    UploadResource outcome() {
        return outcome;
    }

    @Override
    public Optional<Suspension> beforehand() {
        return Optional.of(takeOver);
    }

    @Override
    public boolean resumes() {
        return completion.isEmpty() || completion.get().resumes();
    }

    @Override
    public boolean beginsSlowly() {
        return true;
    }

    @Override
    public Optional<Receipt> begin() throws RefusedException, IOException {
        outcome = question.answer();
        completion = rest.apply(outcome);
        return completion.isPresent() ? completion.get().begin() : Optional.empty();
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) {
        in.position(in.limit());
        return Optional.empty();
    }

    @Override
    public void end() {
        // Nothing was expected
    }

    @Override
    public boolean readsBack() {
        return completion.isPresent() && completion.get().readsBack();
    }

    @Override
    public boolean readBack() throws RefusedException, IOException {
        return completion.orElseThrow().readBack();
    }

    @Override
    public boolean commitsSlowly() {
        return completion.isPresent();
    }

    @Override
    public List<Receipt> commit() throws RefusedException, IOException {
        final List<Receipt> receipts = completion.isPresent() ? completion.get().commit() : List.of();
        if (completion.isPresent() && !readsBack()) {
            outcome = completion.get().outcome();
        }
        return receipts;
    }

    @Override
    public List<String> names() {
        return completion.map(Piece::names).orElse(List.of());
    }

    @Override
    public void close() {
        completion.ifPresent(Piece::close);
    }
}
