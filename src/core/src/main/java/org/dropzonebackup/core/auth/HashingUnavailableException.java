package org.dropzonebackup.core.auth;

/** There is not enough memory to verify a password now. Nothing was counted or remembered. */
public final class HashingUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    HashingUnavailableException(final OutOfMemoryError cause) {
        super("not enough memory for a password hash: give the Java VM more (-Xmx)", cause);
    }
}
