package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dropzonebackup.core.receive.Reception;
import org.dropzonebackup.core.refusal.RefusedException;

/** Finds the files in a request's body, as it comes. Belongs to one request; not safe for threads. */
interface BodyReader {

    /**
     * Takes what came.
     *
     * @param in backed by an array that may be used again once all is consumed
     * @param mayWait whether this thread may wait for the device; else what would is left for a call on one that may
     * @return whether all is consumed, as it always is where the thread may wait
     * @throws RefusedException if the body, or a file in it, is refused
     * @throws IOException if the store fails
     */
    boolean accept(ByteBuffer in, boolean mayWait) throws RefusedException, IOException;

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
        public boolean accept(final ByteBuffer in, final boolean mayWait) throws RefusedException, IOException {
            reception.write(in);
            return true;
        }

        @Override
        public void end() throws RefusedException {
            reception.finish();
        }
    }
}
