package org.dropzonebackup.core.store;

/** A path belongs to a file that may not be replaced, or to something that is no file. Nothing was changed. */
public final class NameTakenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Publication publication;

    /**
     * @param publication whose path is taken
     */
    public NameTakenException(final Publication publication) {
        super(publication.path().toString(), null, false, false);
        this.publication = publication;
    }

    /** The publication whose path is taken. */
    public Publication publication() {
        return publication;
    }
}
