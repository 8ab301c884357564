package org.dropzonebackup.core.store;

import java.io.IOException;

/** A user's directory is missing and may not be created, or cannot be written. The message names it, for the log. */
public final class DirectoryUnusableException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message names the directory; for the log and not for the client
     */
    public DirectoryUnusableException(final String message) {
        super(message);
    }
}
