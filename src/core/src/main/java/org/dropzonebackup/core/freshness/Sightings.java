package org.dropzonebackup.core.freshness;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.dropzonebackup.core.files.AtomicReplace;
import org.dropzonebackup.core.freshness.Sighting.LastFile;
import org.dropzonebackup.core.journal.ChainReader;
import org.dropzonebackup.core.journal.DamagedChainException;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.Position;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.dropzonebackup.core.users.User;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Each user's last file as far as the journal was read, in memory, and in a file so that a restart goes on from there. What the
 * file has all stands in the journal too, but the times of looks. Belongs to one thread.
 */
final class Sightings {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Sightings.class.getName()));
    /** So long without a look, and no server was there. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final Map<Integer, Position> positions = new TreeMap<>();
    private final Map<String, Sighting> byUser = new HashMap<>();
    private Instant looked;
    private Instant resumed;

    private Sightings(final Instant first) {
        looked = first;
        resumed = first;
    }

    /**
     * Goes on from a file.
     *
     * @param first when the first look is, if there was none before
     * @return with nothing in it if there is no file, or not a whole one
     * @throws IOException if it cannot be read
     */
    static Sightings read(final Path file, final Instant first) throws IOException {
        final Sightings read = new Sightings(first);
        try {
            read.parse(new JSONObject(Files.readString(file)));
            return read;
        } catch (final NoSuchFileException | JSONException | DateTimeException noneOrCutShort) {
            return new Sightings(first);
        }
    }

    private void parse(final JSONObject json) {
        looked = Instant.parse(json.getString("looked"));
        resumed = Instant.parse(json.getString("resumed"));
        json.getJSONArray("positions").forEach(each -> {
            final Position position = Position.of((JSONObject) each);
            positions.put(position.chain(), position);
        });
        final JSONObject users = json.getJSONObject("users");
        for (final String user : users.keySet()) {
            final JSONObject seen = users.getJSONObject(user);
            byUser.put(user, new Sighting(
                    seen.has("time") ? Optional.of(new LastFile(Instant.parse(seen.getString("time")), seen.getString("path"),
                            seen.getLong("size"))) : Optional.empty(),
                    Optional.ofNullable(seen.optEnum(Event.class, "told"))));
        }
    }

    /** Writes all, atomically. */
    void write(final Path file) throws IOException {
        final JSONArray read = new JSONArray();
        positions.values().forEach(position -> read.put(position.toJson()));
        final JSONObject users = new JSONObject();
        byUser.forEach((user, sighting) -> {
            final JSONObject seen = new JSONObject();
            sighting.file().ifPresent(last -> seen.put("time", last.time().toString()).put("path", last.path()).put("size", last.size()));
            sighting.told().ifPresent(told -> seen.put("told", told.name()));
            users.put(user, seen);
        });
        AtomicReplace.replaceAlone(file, new JSONObject().put("looked", looked.toString()).put("resumed", resumed.toString())
                .put("positions", read).put("users", users) + "\n", false);
    }

    /** Takes note of a look. After a pause, or if the clock was set forward, clients get their grace anew. */
    void look(final Instant now) {
        if (Duration.between(looked, now).compareTo(PAUSE) > 0) {
            resumed = now;
        }
        looked = now;
    }

    Instant looked() {
        return looked;
    }

    Instant resumed() {
        return resumed;
    }

    Sighting of(final String user) {
        return byUser.getOrDefault(user, Sighting.NONE);
    }

    /** What is expected, by the names of the users who are enabled. */
    static Map<String, FreshnessRule> rules(final Collection<User> users) {
        final Map<String, FreshnessRule> rules = new HashMap<>();
        users.stream().filter(User::enabled)
                .forEach(user -> user.freshness().ifPresent(rule -> rules.put(user.name().value(), rule)));
        return rules;
    }

    /**
     * Reads what was entered since, in all chains.
     *
     * @param rules which files of a user count, when they are read and not again; of others all do
     * @param goOn is asked before each line
     * @return whether all was read
     * @throws IOException if the journal cannot be read; what was read counts
     */
    boolean catchUp(final Journal journal, final Map<String, FreshnessRule> rules, final BooleanSupplier goOn) throws IOException {
        for (final int chain : journal.chains()) {
            try (ChainReader reader = journal.read(positions.getOrDefault(chain, Position.start(chain)))) {
                for (Optional<Line> line = reader.next(Sightings::tell); line.isPresent(); line = reader.next(Sightings::tell)) {
                    note(line.get(), rules);
                    positions.put(chain, reader.position());
                    if (!goOn.getAsBoolean()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static void tell(final DamagedChainException damage) {
        FAULTS.report(Level.WARNING, "files may be taken for late: " + damage.getMessage());
    }

    private void note(final Line line, final Map<String, FreshnessRule> rules) {
        final Entry entry = line.entry();
        if (entry.user().isEmpty()) {
            return;
        }
        final String user = entry.user().get();
        switch (entry.event()) {
            case STORED -> {
                if (!rules.containsKey(user) || line.file().size() >= rules.get(user).minSize()) {
                    byUser.put(user, of(user).with(new LastFile(line.time(), line.file().path(), line.file().size())));
                }
            }
            case LATE, DOWN, RECOVERED -> byUser.put(user, of(user).with(entry.event()));
            default -> {
                // It does not tell that a client has sent something
            }
        }
    }
}
