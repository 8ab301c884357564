package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Reception;
import org.dropzonebackup.core.refusal.RefusedException;

/** Finds the files in a request's body, as it comes. Belongs to one request; not safe for threads. */
interface BodyReader {

    /**
     * Takes what came; consumes all of it.
     *
     * @param in backed by an array that may be used again afterwards
     * @throws RefusedException if the body, or a file in it, is refused
     * @throws IOException if the store fails
     */
    void accept(ByteBuffer in) throws RefusedException, IOException;

    /**
     * All came.
     *
     * @throws RefusedException if the body is not complete, or not as announced
     * @throws IOException if the store fails
     */
    void end() throws RefusedException, IOException;

    /** The names of the files that began until now, as they were submitted; empty ones for those without. */
    List<String> names();

    /**
     * The body is the file, which was begun already.
     *
     * @param submittedName as in its announcement
     */
    record Raw(Reception reception, Optional<String> submittedName) implements BodyReader {

        @Override
        public void accept(final ByteBuffer in) throws RefusedException, IOException {
            reception.write(in);
        }

        @Override
        public void end() throws RefusedException {
            reception.finish();
        }

        @Override
        public List<String> names() {
            return List.of(submittedName.orElse(""));
        }
    }
}
