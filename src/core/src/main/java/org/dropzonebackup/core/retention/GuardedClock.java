package org.dropzonebackup.core.retention;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.AtomicReplace;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.journal.Journal;

/** The wall clock, as long as nothing speaks against it; see the package. Used by one thread at a time, under the lock for pruning. */
final class GuardedClock {

    private static final Duration MOST = Duration.ofDays(1);

    private final Path file;
    private final Journal journal;
    private final Clock clock;
    private final LongSupplier nanoTime;
    /** When this process found the clock right first, by both clocks; null before. */
    private Anchor anchor;
    private Optional<Instant> accepted = Optional.empty();

    private record Anchor(Instant time, long nanos) {
    }

    private record Known(Optional<Instant> trusted, Optional<Instant> accepted) {
    }

    GuardedClock(final Path file, final Journal journal, final Clock clock, final LongSupplier nanoTime) {
        this.file = file;
        this.journal = journal;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** The time, whether it can be trusted or not. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * The time, if the clock is as it should be.
     *
     * @param remember whether that is written down
     * @throws DoubtfulClockException if it is more than a day away from that
     * @throws IOException if nobody knows, or it cannot be written down
     */
    Instant trusted(final boolean remember) throws IOException {
        final Known known = read();
        if (!known.accepted().equals(accepted)) {
            accepted = known.accepted();
            anchor = null;
        }
        final Instant now = now();
        final long nanos = nanoTime.getAsLong();
        if (anchor != null) {
            refuseDoubtful(now, anchor.time().plusNanos(nanos - anchor.nanos()), "by the monotonic clock");
        } else if (known.trusted().isPresent()) {
            refuseDoubtful(now, known.trusted().get(), "as it was when files were pruned last");
        } else {
            final Optional<Instant> last = journal.lastTime();
            if (last.isPresent()) {
                refuseDoubtful(now, last.get(), "as it was when the journal was written last");
            }
        }
        if (anchor == null) {
            anchor = new Anchor(now, nanos);
        }
        if (remember) {
            write(now);
        }
        return now;
    }

    private static void refuseDoubtful(final Instant now, final Instant expected, final String why) throws DoubtfulClockException {
        if (Duration.between(expected, now).abs().compareTo(MOST) > 0) {
            throw new DoubtfulClockException("the clock says " + now + ", more than a day away from " + expected + ", "
                    + why + ": if it is right, run 'dropzone-admin prune --accept-clock'");
        }
    }

    /** Takes the clock for right, in all processes. */
    void accept() throws IOException {
        accepted = Optional.of(now());
        anchor = null;
        write(accepted.get());
    }

    private void write(final Instant trusted) throws IOException {
        AtomicReplace.replaceAlone(file, "trusted=" + trusted + "\n"
                + accepted.map(time -> "accepted=" + time + "\n").orElse(""), true);
    }

    private Known read() throws IOException {
        if (!Files.exists(file)) {
            return new Known(Optional.empty(), Optional.empty());
        }
        final Properties written = new Properties();
        try {
            written.load(new StringReader(TextFile.read(file)));
            return new Known(time(written, "trusted"), time(written, "accepted"));
        } catch (final IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " does not say when the clock was right: run 'dropzone-admin prune --accept-clock'", e);
        }
    }

    private static Optional<Instant> time(final Properties written, final String name) {
        return Optional.ofNullable(written.getProperty(name)).map(Instant::parse);
    }
}
