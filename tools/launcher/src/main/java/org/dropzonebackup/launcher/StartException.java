package org.dropzonebackup.launcher;

/** The server cannot start, and why: one line for standard error, and the exit status. */
final class StartException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    private StartException(final String message, final int exitStatus) {
        super(message);
        this.exitStatus = exitStatus;
    }

    /** Something that is named is not there or not usable. */
    static StartException unusable(final String message) {
        return new StartException(message, 1);
    }

    /** What was asked for cannot be read. */
    static StartException usage(final String message) {
        return new StartException(message + System.lineSeparator() + "usage: " + ServerOptions.SYNTAX + "; --help lists them", 2);
    }

    int exitStatus() {
        return exitStatus;
    }
}
