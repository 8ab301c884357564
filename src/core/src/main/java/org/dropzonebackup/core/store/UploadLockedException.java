package org.dropzonebackup.core.store;

import java.io.IOException;

/** Somebody else, of this process or of another server, has the upload resource open. */
public final class UploadLockedException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param id whose
     */
    public UploadLockedException(final UploadId id) {
        super("upload " + id + " is in use");
    }
}
