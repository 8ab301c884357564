package org.dropzonebackup.core.store.local;

import java.io.IOException;

/** A file that is visible, or may be. Belongs to one thread. */
interface Published {

    /** By which the file is told from any other. */
    Object identity();

    /** Gives up what was replaced, and the staging name. */
    void finish();

    /**
     * Brings back what was there before. What somebody else has put under the name meanwhile stays.
     *
     * @throws IOException if the file may still be visible
     */
    void withdraw() throws IOException;
}
