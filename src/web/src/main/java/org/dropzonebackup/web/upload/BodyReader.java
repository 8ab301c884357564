package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
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

    /** The body is the file, which was begun already. */
    record Raw(Reception reception) implements BodyReader {

        @Override
        public void accept(final ByteBuffer in) throws RefusedException, IOException {
            reception.write(in);
        }

        @Override
        public void end() throws RefusedException {
            reception.finish();
        }
    }
}
