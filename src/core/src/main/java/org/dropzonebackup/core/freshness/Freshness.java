package org.dropzonebackup.core.freshness;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.dropzonebackup.core.users.User;

/**
 * Tells when an expected file does not come, and when one comes again, by entries of the journal. Of several servers the first
 * one does so, until it ends. One thread looks, any asks.
 */
public final class Freshness implements Closeable {

    /** The name of the file with what is remembered. */
    static final String FILE = "freshness.json";

    private static final System.Logger LOG = System.getLogger(Freshness.class.getName());
    /** Other work of the same thread waits meanwhile. */
    private static final Duration LONGEST_READING = Duration.ofSeconds(2);
    private static final Duration BETWEEN_WRITES = Duration.ofMinutes(1);

    private final Journal journal;
    private final Path file;
    private final Path lock;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private Optional<ProcessLock> held = Optional.empty();
    private Sightings sightings;
    private Instant written = Instant.MIN;
    private volatile Map<String, Seen> seen = Map.of();

    /**
     * How a user is.
     *
     * @param last the last file that counts
     */
    public record Seen(State state, Optional<Sighting.LastFile> last) {
    }

    /**
     * @param memory the directory of the server's own files, in which it remembers how far it has read
     */
    public Freshness(final Journal journal, final Path memory, final Clock clock, final LongSupplier nanoTime) {
        this.journal = journal;
        this.file = memory.resolve(FILE);
        this.lock = memory.resolve("freshness.lock");
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Looks whose files have not come, and enters what has changed. Does nothing if nothing is expected of anybody who is enabled,
     * or if another server looks. A long journal is read over several looks, and nobody is late before it is.
     *
     * @throws IOException if the journal cannot be read or written; the next look tries again
     */
    public void look(final Collection<User> users) throws IOException {
        final Map<String, FreshnessRule> rules = Sightings.rules(users);
        if (rules.isEmpty() || !leads()) {
            seen = Map.of();
            return;
        }
        final Instant now = clock.instant();
        final long begin = nanoTime.getAsLong();
        final boolean all = sightings.catchUp(journal, rules, () -> nanoTime.getAsLong() - begin < LONGEST_READING.toNanos());
        if (all) {
            sightings.look(now);
            judge(rules, now);
        }
        if (!all || Duration.between(written, now).abs().compareTo(BETWEEN_WRITES) >= 0) {
            sightings.write(file);
            written = now;
        }
    }

    private boolean leads() throws IOException {
        if (held.isEmpty()) {
            journal.open();
            held = ProcessLock.take(lock);
            if (held.isPresent()) {
                sightings = Sightings.read(file, clock.instant());
            }
        }
        return held.isPresent();
    }

    private void judge(final Map<String, FreshnessRule> rules, final Instant now) throws IOException {
        final Map<String, Seen> states = new HashMap<>();
        final List<Entry> entries = new ArrayList<>();
        rules.forEach((user, rule) -> {
            final Sighting sighting = sightings.of(user);
            final State state = State.of(rule, sighting, sightings.resumed(), now);
            states.put(user, new Seen(state, sighting.file()));
            event(state, sighting.told()).ifPresent(event -> entries.add(entry(event, user, rule, sighting)));
        });
        seen = Map.copyOf(states);
        if (!entries.isEmpty()) {
            // Whether it was told is known by reading it, so that it is neither forgotten nor told twice
            journal.append(entries);
            entries.forEach(Freshness::log);
        }
    }

    private static Optional<Event> event(final State state, final Optional<Event> told) {
        return switch (state) {
            case LATE -> told.isEmpty() ? Optional.of(Event.LATE) : Optional.empty();
            case DOWN -> told.filter(Event.DOWN::equals).isEmpty() ? Optional.of(Event.DOWN) : Optional.empty();
            case NEW, ON_TIME -> told.map(over -> Event.RECOVERED);
        };
    }

    private Entry entry(final Event event, final String user, final FreshnessRule rule, final Sighting sighting) {
        final Map<String, String> details = new HashMap<>();
        sighting.file().ifPresent(last -> {
            details.put("lastStored", last.time().toString());
            details.put("lastPath", last.path());
            if (event != Event.RECOVERED) {
                details.put("expectedBy", State.due(rule, sighting, sightings.resumed()).toString());
            }
        });
        return new Entry(event, Optional.of(user), Optional.empty(), details);
    }

    private static void log(final Entry entry) {
        final String user = entry.user().orElseThrow();
        if (entry.event() == Event.RECOVERED) {
            LOG.log(Level.INFO, "the backup of {0} has come", user);
        } else {
            LOG.log(Level.WARNING, "the backup of {0} is {1}: the last file came {2}, and the next was expected by {3}", user,
                    entry.event() == Event.LATE ? "late" : "down", entry.details().get("lastStored"), entry.details().get("expectedBy"));
        }
    }

    /** How those are of whom files are expected, by name, as of the last look; none if another server looks. */
    public Map<String, Seen> seen() {
        return seen;
    }

    /** Lets another server look. To be called when no look is under way. */
    @Override
    public void close() throws IOException {
        if (held.isPresent()) {
            sightings.write(file);
            held.get().close();
            held = Optional.empty();
        }
    }
}
