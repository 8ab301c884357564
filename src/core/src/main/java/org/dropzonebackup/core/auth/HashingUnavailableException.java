package org.dropzonebackup.core.auth;

/** A password cannot be verified, as a rule for lack of memory. Nothing was counted or remembered. The message is for the log. */
public final class HashingUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    HashingUnavailableException(final String message) {
        super(message);
    }

    HashingUnavailableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
