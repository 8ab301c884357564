package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dropzonebackup.core.refusal.RefusedException;

/** Finds the files in a body that is pushed into it, and gives them to a {@link UploadTransaction}. */
public interface BodyParser {

    /**
     * Takes more of the body; consumes all remaining bytes.
     *
     * @throws RefusedException if the body or a file in it is refused
     * @throws IOException if the store fails
     */
    void accept(ByteBuffer bytes) throws RefusedException, IOException;

    /**
     * The body is over.
     *
     * @throws RefusedException if that is too early
     * @throws IOException if the store fails
     */
    void end() throws RefusedException, IOException;
}
