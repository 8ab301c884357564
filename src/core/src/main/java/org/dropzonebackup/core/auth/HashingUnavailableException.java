package org.dropzonebackup.core.auth;

/** Thrown if a password cannot be verified, usually for lack of memory. It counts as no failure. The message is for the log. */
public final class HashingUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    HashingUnavailableException(final String message) {
        this(message, null);
    }

    HashingUnavailableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
