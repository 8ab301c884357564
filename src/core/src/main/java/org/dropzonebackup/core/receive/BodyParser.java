package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.dropzonebackup.core.refusal.RefusedException;

/** A parser that finds the files in a body, and gives them to an {@link UploadTransaction}. */
public interface BodyParser {

    /** Makes parsers. */
    @FunctionalInterface
    interface Factory {
        /**
         * @param notes of the upload resource that holds the body
         * @param files takes the files that are found
         */
        BodyParser create(Map<String, String> notes, UploadTransaction files);
    }

    /**
     * Takes more of the body; consumes all remaining bytes.
     *
     * @throws RefusedException if the body or a file in it is refused
     * @throws IOException if the store fails
     */
    void accept(ByteBuffer bytes) throws RefusedException, IOException;

    /**
     * Says that the body is over.
     *
     * @throws RefusedException if that is too early
     * @throws IOException if the store fails
     */
    void end() throws RefusedException, IOException;
}
