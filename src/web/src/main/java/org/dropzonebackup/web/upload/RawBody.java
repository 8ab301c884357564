package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.IncomingFile;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/** A body that is the file. */
final class RawBody extends FileBody {

    private final Announcement announcement;
    private final boolean framed;
    /** Null before it begins. */
    private IncomingFile file;

    /**
     * @param announcement what the headers say of the file
     * @param framed whether they say how long it is, or that it comes in chunks
     * @param workers run what waits for the device
     */
    RawBody(final UploadTransaction transaction, final Announcement announcement, final boolean framed,
            final UploadContext.Workers workers) {
        super(workers);
        this.announcement = announcement;
        this.framed = framed;
        open(transaction);
    }

    @Override
    public Suspension begin() {
        return attempts(transaction().needsPreparation() || !announcement.digests().isEmpty(), workers().admission(), () -> {
            if (file == null) {
                file = transaction().begin(announcement);
            } else {
                file.admit();
            }
            return file.alreadyStored().stream().toList();
        });
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        file.write(in, memory);
        return Optional.empty();
    }

    /** In HTTP/2 it is seen only now that there is no body at all. */
    @Override
    public void end() throws RefusedException, ProblemException {
        if (!framed && position() == 0) {
            throw new ProblemException(Problem.lengthRequired());
        }
        file.finish();
    }

    @Override
    public List<String> names() {
        return List.of(announcement.submittedName().orElse(""));
    }
}
