package org.dropzonebackup.core.files;

/**
 * Is told of each sync that somebody waited for, by the thread that did it and that must not be made to wait again. Safe for
 * threads.
 */
@FunctionalInterface
public interface SyncWatch {

    /** Looks away. */
    SyncWatch NONE = (target, nanos) -> { };

    /** What is synced. */
    enum Target {
        /** A stored file, or a piece of one. */
        FILE,
        /** The names in a directory. */
        DIRECTORY,
        /** The entries of a journal. */
        JOURNAL
    }

    /**
     * @param nanos how long the device took
     */
    void synced(Target target, long nanos);
}
