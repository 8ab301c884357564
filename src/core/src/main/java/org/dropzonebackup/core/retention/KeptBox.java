package org.dropzonebackup.core.retention;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.users.User;

/**
 * The files of a user, and how long they are kept. Immutable.
 *
 * @param user whose they are
 * @param directory of the user, as the users file writes it
 */
public record KeptBox(String user, String directory, KeepRule rule) {

    /**
     * Those of all users whose files are not kept for ever.
     *
     * @param keepFor how long files are kept of users who have nothing else; none: for ever
     * @param atLeast how many of the newest files of one name are kept of users who have nothing else
     */
    public static List<KeptBox> of(final Collection<User> users, final Optional<Duration> keepFor, final int atLeast) {
        return users.stream().flatMap(user -> user.keepFor().or(() -> keepFor).stream().map(duration -> new KeptBox(
                user.name().toString(), user.directory(), new KeepRule(duration, user.keepAtLeast().orElse(atLeast)))))
                .sorted(Comparator.comparing(KeptBox::user)).toList();
    }
}
