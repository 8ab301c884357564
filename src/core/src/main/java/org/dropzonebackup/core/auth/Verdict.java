package org.dropzonebackup.core.auth;

import java.time.Duration;
import org.dropzonebackup.core.users.User;

/** The result of checking credentials. */
public sealed interface Verdict {

    /** The credentials are right, and the user may upload. */
    record Accepted(User user) implements Verdict {
    }

    /** The credentials are wrong, or the user may not upload: a client never learns which. */
    record Rejected() implements Verdict {
    }

    /** The credentials were not checked, since too many from the same address or with the same name were wrong. */
    record Throttled(Duration retryAfter) implements Verdict {
    }
}
