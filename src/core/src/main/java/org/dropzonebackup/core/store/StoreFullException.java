package org.dropzonebackup.core.store;

import java.io.IOException;

/** The device, or the quota that the system sets on it, is exhausted. */
public final class StoreFullException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param cause what the system said
     */
    public StoreFullException(final IOException cause) {
        super(cause.getMessage(), cause);
    }
}
