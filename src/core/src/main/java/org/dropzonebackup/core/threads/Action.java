package org.dropzonebackup.core.threads;

import java.io.IOException;

/** Something that is run for its effect, such as a sync of a directory. */
@FunctionalInterface
public interface Action {

    /** Has none. */
    Action NOTHING = () -> { };

    /**
     * @throws IOException if it fails
     */
    void run() throws IOException;
}
