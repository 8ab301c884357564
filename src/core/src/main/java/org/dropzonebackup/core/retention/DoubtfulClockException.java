package org.dropzonebackup.core.retention;

import java.io.IOException;

/** Thrown if the clock may be wrong, so that nothing is removed. The message is a sentence for the administrator. */
public final class DoubtfulClockException extends IOException {

    private static final long serialVersionUID = 1L;

    DoubtfulClockException(final String message) {
        super(message);
    }
}
