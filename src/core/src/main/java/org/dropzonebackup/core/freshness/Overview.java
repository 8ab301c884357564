package org.dropzonebackup.core.freshness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.dropzonebackup.core.users.User;

/** How users are now, for somebody who asks once. Nothing is written. */
public final class Overview {

    private Overview() {
    }

    /**
     * Reads the journal from where a server has read it, or from its beginning if none did.
     *
     * @param memory the directory of the server's own files
     * @return of each user; the state only if a file is expected of the user, who is enabled
     * @throws IOException if the journal cannot be read
     */
    public static Map<String, Told> of(final Collection<User> users, final Journal journal, final Path memory, final Instant now)
            throws IOException {
        final Map<String, FreshnessRule> rules = Sightings.rules(users);
        final Sightings sightings = Sightings.read(memory.resolve(Freshness.FILE), Instant.EPOCH);
        sightings.catchUp(journal, rules, () -> true);
        final Map<String, Told> told = new HashMap<>();
        for (final User user : users) {
            final Sighting sighting = sightings.of(user.name().value());
            told.put(user.name().value(), new Told(sighting.file(),
                    Optional.ofNullable(rules.get(user.name().value())).map(rule -> State.of(rule, sighting, sightings.resumed(), now))));
        }
        return told;
    }

    /** What is told of a user. */
    public record Told(Optional<Sighting.LastFile> last, Optional<State> state) {
    }
}
