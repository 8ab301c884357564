package org.dropzonebackup.core.users;

import java.io.IOException;

/** Thrown while no users file could be read yet. The message, which names the file, is for the log. */
public final class UsersUnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    UsersUnavailableException(final String message) {
        super(message);
    }
}
