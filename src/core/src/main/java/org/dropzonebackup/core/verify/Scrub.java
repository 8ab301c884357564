package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.log.FaultLog;

/**
 * Verifies a drop box again and again, and enters in the journal which file is damaged, and which is right again. Of several
 * servers one does so at a time. One thread calls {@link #run}, any {@link #of}.
 */
public final class Scrub implements LastRead {

    private static final System.Logger LOG = System.getLogger(Scrub.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Journal journal;
    private final Path state;
    private final Path lock;
    private final Duration every;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private volatile Known known;

    /** What was read of the state, which another server may write. */
    private record Known(Optional<Instant> complete, long at) {
    }

    /**
     * @param memory the directory of the server's own files, in which it remembers how far it has come
     * @param every from the beginning of a pass to that of the next
     */
    public Scrub(final Journal journal, final Path memory, final Duration every, final Clock clock, final LongSupplier nanoTime) {
        this.journal = journal;
        this.state = memory.resolve("scrub.json");
        this.lock = memory.resolve("scrub.lock");
        this.every = every;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Goes on with a pass, or begins one if it is time, and returns at its end. Does nothing while another server is at it.
     *
     * @throws IOException if the journal or the state cannot be read or written; another call goes on
     * @throws InterruptedException if the thread is interrupted; the same
     */
    public void run(final Verification.Box box, final Verification.Terms terms) throws IOException, InterruptedException {
        journal.open();
        final Optional<ProcessLock> held = ProcessLock.take(lock);
        if (held.isEmpty()) {
            return;
        }
        try {
            final ScrubState now = ScrubState.read(state);
            if (now.isDue(every, clock.instant())) {
                run(now, box, terms);
            }
        } finally {
            held.get().close();
        }
    }

    private void run(final ScrubState before, final Verification.Box box, final Verification.Terms terms)
            throws IOException, InterruptedException {
        final Checkpoint begin = before.underWay().orElseGet(() -> Checkpoint.start(clock.instant()));
        final Checkpoint end = new Verification(box, terms, new Entering(before), nanoTime).run(begin, clock);
        new ScrubState(Optional.of(end.started()), Optional.empty()).write(state);
        LOG.log(end.wrong() == 0 ? Level.INFO : Level.WARNING, "read all stored files: {0} files, {1} bytes, wrong: {2}",
                end.files(), end.bytes(), end.wrong());
    }

    @Override
    public Optional<Instant> of(final String directory, final String path, final Instant enteredAt) throws IOException {
        final long now = nanoTime.getAsLong();
        Known last = known;
        if (last == null || now - last.at() >= FRESH_NANOS) {
            last = new Known(ScrubState.read(state).complete(), now);
            known = last;
        }
        return last.complete().filter(enteredAt::isBefore);
    }

    /** Enters what is found. */
    private final class Entering implements Listener {

        private final ScrubState before;

        Entering(final ScrubState before) {
            this.before = before;
        }

        @Override
        public void found(final Finding finding) throws IOException {
            final Optional<Entry> entry = finding.entry().map(Line::entry);
            if (!finding.isDamage() || entry.isEmpty()) {
                FAULTS.report(finding.kind() == Finding.Kind.UNKNOWN ? Level.WARNING : Level.ERROR, finding.toString());
            } else if (entry.get().event() != Event.DAMAGED) {
                enter(Event.DAMAGED, entry.get());
                LOG.log(Level.ERROR, "{0}", finding);
            }
        }

        @Override
        public void sound(final Line newest) throws IOException {
            if (newest.entry().event() == Event.DAMAGED) {
                enter(Event.FOUND, newest.entry());
                LOG.log(Level.INFO, "right again: {0}/{1}", newest.file().directory(), newest.file().path());
            }
        }

        private void enter(final Event event, final Entry entry) throws IOException {
            journal.append(List.of(new Entry(event, entry.user(), entry.file(), Optional.empty(), Map.of())));
        }

        @Override
        public void reached(final Checkpoint checkpoint) throws IOException {
            new ScrubState(before.complete(), Optional.of(checkpoint)).write(state);
        }
    }
}
