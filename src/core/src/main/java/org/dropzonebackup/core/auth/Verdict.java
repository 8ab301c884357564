package org.dropzonebackup.core.auth;

import java.time.Duration;
import org.dropzonebackup.core.users.User;

/** What became of credentials. */
public sealed interface Verdict {

    /** They are right. */
    record Accepted(User user) implements Verdict {
    }

    /** They are not; what is wrong with them is nobody's business. */
    record Rejected() implements Verdict {
    }

    /** They were not looked at, since too many were wrong that came from the same address or with the same name. */
    record Throttled(Duration retryAfter) implements Verdict {
    }
}
