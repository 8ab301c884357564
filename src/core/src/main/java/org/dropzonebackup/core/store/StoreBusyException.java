package org.dropzonebackup.core.store;

import java.io.IOException;

/**
 * Something that passes keeps the store from its work: the process has no more file descriptors, a file system is not mounted
 * or not reached. Trying again helps.
 */
public final class StoreBusyException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param cause what the system said
     */
    public StoreBusyException(final IOException cause) {
        super(cause.getMessage(), cause);
    }

    /**
     * @param message what was found; for the log and not for the client
     */
    public StoreBusyException(final String message) {
        super(message);
    }
}
