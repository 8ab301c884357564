package org.dropzonebackup.admin;

/** Thrown to end the program with one line on standard error and an exit status. */
final class AdminException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    private AdminException(final String message, final int exitStatus) {
        super(message);
        this.exitStatus = exitStatus;
    }

    static AdminException refused(final String message) {
        return new AdminException(message, 1);
    }

    static AdminException usage(final String message) {
        return new AdminException(message, 2);
    }

    static AdminException of(final String message, final int exitStatus) {
        return new AdminException(message, exitStatus);
    }

    int exitStatus() {
        return exitStatus;
    }
}
