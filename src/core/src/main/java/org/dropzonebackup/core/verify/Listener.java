package org.dropzonebackup.core.verify;

import java.io.IOException;
import org.dropzonebackup.core.journal.Line;

/** Is told what a {@link Verification} finds, on its thread. An exception ends the verification. */
public interface Listener {

    /** Something is wrong. */
    void found(Finding finding) throws IOException;

    /** A file is what its newest entry says; it was read. */
    default void sound(Line newest) throws IOException {
    }

    /** After each entry: what was read so far. */
    default void progress(long files, long bytes) {
    }

    /** Every few seconds: from where another verification could go on. */
    default void reached(Checkpoint checkpoint) throws IOException {
    }
}
