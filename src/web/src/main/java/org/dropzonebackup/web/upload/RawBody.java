package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * The body is the file.
 *
 * @param reception where it goes
 * @param announcement what the headers say of it
 * @param framed whether they say how long it is, or that it comes in chunks
 */
record RawBody(UploadTransaction reception, Announcement announcement, boolean framed) implements FileIntake {

    @Override
    public boolean beginsSlowly() {
        return reception.needsPreparation() || !announcement.digests().isEmpty();
    }

    @Override
    public Optional<Receipt> begin() throws RefusedException, IOException {
        return reception.hasBegun() ? reception.admit() : reception.begin(announcement);
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        reception.write(in, memory);
        return Optional.empty();
    }

    /** In HTTP/2 it is seen only now that there is no body at all. */
    @Override
    public void end() throws RefusedException, ProblemException, IOException {
        if (!framed && position() == 0) {
            throw new ProblemException(Problem.lengthRequired());
        }
        reception.finish();
    }

    @Override
    public List<String> names() {
        return List.of(announcement.submittedName().orElse(""));
    }
}
