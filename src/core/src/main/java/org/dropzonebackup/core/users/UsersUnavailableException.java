package org.dropzonebackup.core.users;

import java.io.IOException;

/** There has never been a users file that could be read. The message names it, for the log. */
public final class UsersUnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    UsersUnavailableException(final String message) {
        super(message);
    }
}
