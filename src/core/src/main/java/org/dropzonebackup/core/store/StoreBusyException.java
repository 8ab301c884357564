package org.dropzonebackup.core.store;

import java.io.IOException;

/** The process or the system has no more of something that passes, such as file descriptors. Trying again helps. */
public final class StoreBusyException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param cause what the system said
     */
    public StoreBusyException(final IOException cause) {
        super(cause.getMessage(), cause);
    }
}
