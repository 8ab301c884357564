package org.dropzonebackup.web.pieces;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.upload.BodyHandler;
import org.dropzonebackup.web.upload.Suspension;
import org.dropzonebackup.web.upload.UploadContext;

/** A request about an upload resource that carries nothing. Its upload is completed if that is still to be done. */
public final class ResourceQuery implements BodyHandler {

    private final Suspension takeOver;
    private final UploadContext.Workers workers;
    private final OwnUploads.Operation operation;
    private final Function<UploadResource, Optional<Piece>> rest;
    private UploadResource answer;
    /** What completes the upload, if that is to be done. */
    private Optional<Piece> completion = Optional.empty();

    /**
     * @param takeOver until no older request is at work for the upload resource
     * @param workers run what waits for the device
     * @param rest what is still to be done for an upload resource, if anything is
     */
    ResourceQuery(final Suspension takeOver, final UploadContext.Workers workers, final OwnUploads.Operation operation,
            final Function<UploadResource, Optional<Piece>> rest) {
        this.takeOver = takeOver;
        this.workers = workers;
        this.operation = operation;
        this.rest = rest;
    }

    /** The upload resource, as it is when all is done. */
    UploadResource resource() {
        return completion.map(Piece::resource).orElse(answer);
    }

    @Override
    public boolean resumes() {
        return completion.isEmpty() || completion.get().resumes();
    }

    @Override
    public Suspension begin() {
        return takeOver.then(() -> Suspension.on(workers.admission(), () -> {
            answer = operation.run();
            completion = rest.apply(answer);
            if (completion.isPresent()) {
                completion.get().open();
            }
        }));
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
    public Suspension commit() {
        return completion.map(Piece::commit).orElse(Suspension.NONE);
    }

    @Override
    public List<Receipt> outcome() {
        return completion.map(Piece::outcome).orElse(List.of());
    }

    @Override
    public List<String> names() {
        return completion.map(Piece::names).orElse(List.of());
    }

    @Override
    public Problem problem(final Refusal refusal) {
        return completion.isPresent() ? completion.get().problem(refusal) : Problem.of(refusal);
    }

    @Override
    public void close() {
        completion.ifPresent(Piece::close);
    }
}
