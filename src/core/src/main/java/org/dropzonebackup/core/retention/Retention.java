package org.dropzonebackup.core.retention;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Store;

/** Removes files that need not be kept any longer; see the package. Belongs to one thread at a time. */
public final class Retention {

    private static final System.Logger LOG = System.getLogger(Retention.class.getName());

    private final Store store;
    private final Journal journal;
    private final Path lock;
    private final GuardedClock clock;
    private final BiPredicate<String, FilePath> closed;

    /**
     * @param memory the directory of what the server remembers, which the lock and the file of the clock lie in
     * @param closed whether a path below the directory of a box leads into that of another one, whose files are not touched
     */
    public Retention(final Store store, final Journal journal, final Path memory, final Clock clock, final LongSupplier nanoTime,
            final BiPredicate<String, FilePath> closed) {
        this.store = store;
        this.journal = journal;
        this.lock = memory.resolve("prune.lock");
        this.clock = new GuardedClock(memory.resolve("clock"), journal, clock, nanoTime);
        this.closed = closed;
    }

    /** What is told of a run. */
    public interface Report {

        /** A file goes, or would go. */
        void goes(Removal removal);

        /** The files of a directory have gone. */
        default void freed(final Directory directory) {
        }

        /** A directory is left as it is from here on. */
        void failed(String directory, IOException fault);
    }

    /**
     * Removes the files that go now. If it fails in one directory, it goes on with the next.
     *
     * @return false if another process does that at the moment
     * @throws DoubtfulClockException if the clock may be wrong; nothing is removed
     * @throws IOException if the lock or the state of the clock cannot be used; nothing is removed
     */
    public boolean prune(final List<KeptBox> boxes, final Report report) throws IOException {
        return locked(() -> {
            final Instant now = clock.trusted(true);
            prune(boxes, now, false, report);
        });
    }

    /**
     * Tells which files would go now. Changes nothing, but that the journal is opened.
     *
     * @throws DoubtfulClockException if the clock may be wrong, so that none would go; all are told nevertheless
     * @throws IOException if nobody knows whether it is
     */
    public void dryRun(final List<KeptBox> boxes, final Report report) throws IOException {
        prune(boxes, clock.now(), true, report);
        clock.trusted(false);
    }

    /**
     * Takes the clock for right, whatever speaks against it, in all servers that share the directory.
     *
     * @return false if another process prunes at the moment; nothing has changed
     * @throws IOException if that cannot be written down
     */
    public boolean acceptClock() throws IOException {
        return locked(clock::accept);
    }

    private interface Step {
        void run() throws IOException;
    }

    private boolean locked(final Step step) throws IOException {
        final Optional<ProcessLock> taken = ProcessLock.take(lock);
        if (taken.isPresent()) {
            try (ProcessLock held = taken.get()) {
                LOG.log(Level.DEBUG, "prunes, holding {0}", held);
                step.run();
            }
        }
        return taken.isPresent();
    }

    private void prune(final List<KeptBox> boxes, final Instant now, final boolean dry, final Report report) throws IOException {
        final Map<String, KeepRule> rules = new HashMap<>();
        final Set<String> directories = new LinkedHashSet<>();
        for (final KeptBox box : boxes) {
            rules.put(box.user(), box.rule());
            directories.add(box.directory());
        }
        for (final String each : directories) {
            try {
                final Optional<Directory> directory = store.existing(each);
                if (directory.isPresent()) {
                    prune(each, directory.get(), new Expiry(rules, now), dry, report);
                }
            } catch (final IOException e) {
                report.failed(each, e);
            }
        }
    }

    private void prune(final String name, final Directory directory, final Expiry expiry, final boolean dry, final Report report)
            throws IOException {
        final Pruner pruner =
                new Pruner(journal, name, directory, path -> closed.test(name, path), expiry, dry, report::goes);
        try {
            pruner.prune();
        } finally {
            if (pruner.hasRemoved()) {
                report.freed(directory);
            }
        }
    }
}
