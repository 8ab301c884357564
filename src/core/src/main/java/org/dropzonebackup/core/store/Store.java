package org.dropzonebackup.core.store;

import java.io.IOException;

/**
 * Where backups are kept. Safe for threads.
 */
public interface Store {

    /**
     * Opens the directory of a user.
     *
     * @param directory as the users file writes it
     * @throws DirectoryUnusableException if it is missing and may not be created, or is no directory
     * @throws IOException if it cannot be looked at or created
     */
    Directory open(String directory) throws IOException;
}
