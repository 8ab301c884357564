package org.dropzonebackup.core.store;

/** The name belongs to a file that may not be replaced, or to something that is no file. Nothing was changed. */
public final class NameTakenException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param name the name
     */
    public NameTakenException(final String name) {
        super(name, null, false, false);
    }
}
