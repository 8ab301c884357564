package org.dropzonebackup.core.events;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.files.AtomicReplace;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.journal.ChainReader;
import org.dropzonebackup.core.journal.DamagedChainException;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.Position;
import org.dropzonebackup.core.log.FaultLog;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Delivers what this server enters in its chain of the journal to one destination: each event at least once, and none before the
 * one that was entered before it has been delivered. A file remembers how far it has come. One thread makes the steps; any asks.
 */
public final class Outbox implements Closeable {

    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);
    private static final Duration NOTHING_THERE = Duration.ofSeconds(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 10;
    /** What is older is given up when the destination has failed for so long. */
    private static final Duration OLDEST = Duration.ofDays(3);

    private final Journal journal;
    private final Path memory;
    private final Destination destination;
    private final Set<EventType> wanted;
    private final Clock clock;
    private int failures;
    private Optional<Instant> failingSince = Optional.empty();
    /** Null until the first step has opened the journal. */
    private ChainReader reader;
    private Path file;
    private Optional<Message> next = Optional.empty();
    private Position saved;
    private volatile long reached;

    /**
     * @param memory the directory of the server's own files
     * @param wanted all others are left out
     */
    public Outbox(final Journal journal, final Path memory, final Destination destination, final Set<EventType> wanted,
            final Clock clock) {
        this.journal = journal;
        this.memory = memory;
        this.destination = destination;
        this.wanted = Set.copyOf(wanted);
        this.clock = clock;
    }

    /** The destination's name. */
    public String name() {
        return destination.name();
    }

    /** How many entries of the journal it has not come to, or is at. */
    public long behind() {
        final long at = reached;
        return at == 0 ? 0 : Math.max(0, journal.entries().orElse(0) - at + 1);
    }

    /**
     * Delivers the next event, if there is one.
     *
     * @return after what time the next step is to be made
     * @throws InterruptedException if the thread is interrupted; the event is delivered again
     */
    public Duration step() throws InterruptedException {
        try {
            if (reader == null) {
                begin();
            }
            if (!read()) {
                save();
                return NOTHING_THERE;
            }
            try {
                destination.deliver(next.orElseThrow());
            } catch (final IOException e) {
                return failed(e);
            }
            failures = 0;
            failingSince = Optional.empty();
            done();
            return Duration.ZERO;
        } catch (final IOException e) {
            FAULTS.report(Level.WARNING, "events wait for " + name() + ": " + FileFault.describe(e));
            return FIRST_RETRY;
        }
    }

    private void begin() throws IOException {
        journal.open();
        final int chain = journal.chain();
        file = memory.resolve("events-" + chain + "-" + destination.id() + ".json");
        final Position end = journal.end(chain).orElseThrow(() -> new IOException("the journal has no end"));
        final Position from = remembered(end).orElse(end);
        reader = journal.read(from);
        reached = from.seq();
        save();
    }

    private Optional<Position> remembered(final Position end) throws IOException {
        try {
            final Position position = Position.of(new JSONObject(Files.readString(file)));
            if (position.seq() <= end.seq()) {
                return Optional.of(position);
            }
            LOG.log(Level.ERROR, "{0} names an entry that the journal has not: events until now are not delivered", file);
        } catch (final NoSuchFileException isNew) {
            LOG.log(Level.DEBUG, "events are delivered to {0} from now on", name());
        } catch (final JSONException e) {
            LOG.log(Level.ERROR, file + " cannot be read: events until now are not delivered", e);
        }
        return Optional.empty();
    }

    /** Reads up to an event that is wanted; false if there is none yet. */
    private boolean read() throws IOException {
        while (next.isEmpty()) {
            final Optional<Line> line = reader.next(this::tell);
            if (line.isEmpty()) {
                reached = reader.position().seq();
                return false;
            }
            next = Message.of(line.get()).filter(message -> wanted.contains(message.type()));
            reached = line.get().seq();
        }
        return true;
    }

    private void tell(final DamagedChainException damage) {
        FAULTS.report(Level.ERROR, "events are not delivered to " + name() + ": " + damage.getMessage());
    }

    private void done() throws IOException {
        next = Optional.empty();
        save();
    }

    /** Only when no event is under way, as the reader is behind it. */
    private void save() throws IOException {
        if (!reader.position().equals(saved)) {
            AtomicReplace.replaceAlone(file, reader.position().toJson() + "\n", false);
            saved = reader.position();
        }
    }

    private Duration failed(final IOException why) throws IOException {
        final Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS));
        LOG.log(failures == 1 ? Level.WARNING : Level.DEBUG, "an event was not delivered to {0}, and is tried again: {1}", name(),
                why.getMessage());
        final Instant now = clock.instant();
        final Instant since = failingSince.orElse(now);
        failingSince = Optional.of(since);
        long given = 0;
        while (!since.plus(OLDEST).isAfter(now) && read() && next.orElseThrow().time().plus(OLDEST).isBefore(now)) {
            given++;
            done();
        }
        if (given > 0) {
            LOG.log(Level.ERROR, "{0} events could not be delivered to {1} for three days, and are given up: {2}", given, name(),
                    why.getMessage());
        }
        return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    }

    /** Ends it; not while a step is made. */
    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
