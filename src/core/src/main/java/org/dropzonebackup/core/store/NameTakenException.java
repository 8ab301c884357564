package org.dropzonebackup.core.store;

import org.dropzonebackup.core.policy.FilePath;

/** A path belongs to a file that may not be replaced, or to something that is no file. Nothing was changed. */
public final class NameTakenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Publication publication;

    private final transient FilePath taken;

    /**
     * @param publication whose path is taken
     * @param taken the path, or that of one of its directories: what cannot be used
     */
    public NameTakenException(final Publication publication, final FilePath taken) {
        super(taken.toString(), null, false, false);
        this.publication = publication;
        this.taken = taken;
    }

    /** The path, or that of one of its directories: what cannot be used. */
    public FilePath taken() {
        return taken;
    }

    /** The publication whose path is taken. */
    public Publication publication() {
        return publication;
    }
}
