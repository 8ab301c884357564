package org.dropzonebackup.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.journal.ChainWriter.Settings;

/**
 * The memory of a drop box: what became of each file, in entries that are only ever added. Several servers share the directory
 * of a journal; each appends to a chain of its own, and finds what all have entered. Safe for threads.
 */
public final class Journal implements Closeable {

    private static final System.Logger LOG = System.getLogger(Journal.class.getName());
    private static final long SEGMENT_SIZE = 64 << 20;

    private final Path directory;
    private final ChainLock lock;
    private final ChainFiles own;
    private final ChainWriter writer;
    private final Index index;

    private Journal(final Path directory, final ChainLock lock, final ChainFiles own, final Settings settings,
            final LongSupplier nanoTime) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.own = own;
        final ChainIndex ownIndex = new ChainIndex(own);
        this.writer = new ChainWriter(own, verifiedEnd(own, ownIndex, settings), ownIndex, settings);
        this.index = new Index(directory, own, ownIndex, nanoTime);
    }

    /**
     * Opens a journal, and goes on with the first chain that no server holds, or begins one. What a kill has left of the last
     * entry is cut off. A chain whose last segment is damaged is left as it is, and the log says so.
     *
     * @param directory of the journal; created durably, with what is missing above it, for its owner alone
     * @param durable whether entries are on stable storage when they were appended
     * @param clock for the time of entries
     * @param nanoTime for measuring durations
     * @throws IOException if it cannot be read or written; nothing is held then
     */
    public static Journal open(final Path directory, final boolean durable, final Clock clock, final LongSupplier nanoTime)
            throws IOException {
        return open(directory, new Settings(durable, clock, SEGMENT_SIZE, SegmentFile::new), nanoTime);
    }

    static Journal open(final Path directory, final Settings settings, final LongSupplier nanoTime) throws IOException {
        ChainFiles.createDirectory(directory, settings.durable());
        int next = 1;
        for (final ChainFiles files : ChainFiles.list(directory)) {
            final Optional<Journal> journal = open(directory, files, settings, nanoTime);
            if (journal.isPresent()) {
                return journal.get();
            }
            next = files.chain() + 1;
        }
        while (true) {
            final ChainFiles files = ChainFiles.of(directory, next++);
            // Another server that starts at this moment may take it first
            final Optional<Journal> journal = open(directory, files, settings, nanoTime);
            if (journal.isPresent()) {
                LOG.log(Level.INFO, "begins the journal {0}", files.directory());
                return journal.get();
            }
        }
    }

    /** @return none if another server holds the chain, or it is damaged */
    private static Optional<Journal> open(final Path directory, final ChainFiles files, final Settings settings,
            final LongSupplier nanoTime) throws IOException {
        ChainFiles.createDirectory(files.directory(), settings.durable());
        final Optional<ChainLock> lock = ChainLock.take(files);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        Optional<Journal> journal = Optional.empty();
        try {
            journal = Optional.of(new Journal(directory, lock.get(), files, settings, nanoTime));
        } catch (final DamagedChainException e) {
            LOG.log(Level.ERROR, "nothing is added to the journal {0} any more: {1}", files.directory(), e.getMessage());
        } finally {
            if (journal.isEmpty()) {
                lock.get().close();
            }
        }
        return journal;
    }

    /** Verifies the last segment, and that it follows the one before. */
    private static Position verifiedEnd(final ChainFiles files, final ChainIndex index, final Settings settings) throws IOException {
        final List<Long> segments = files.segments();
        if (segments.isEmpty()) {
            return Position.start(files.chain());
        }
        index.catchUp(segments);
        final long last = segments.get(segments.size() - 1);
        final String head = last == 1 ? Line.NONE : headBefore(files, last, segments);
        try (ChainReader reader = new ChainReader(files, new Position(files.chain(), last, 0, last, head), () -> Long.MAX_VALUE)) {
            while (true) {
                final Position before = reader.position();
                final Optional<Line> line = reader.next();
                if (line.isEmpty()) {
                    cutOffTornLine(files.segment(last), before, settings);
                    return before;
                }
                index.add(last, List.of(line.get()), new long[] {before.offset()});
            }
        }
    }

    private static String headBefore(final ChainFiles files, final long last, final List<Long> segments) throws IOException {
        if (segments.size() == 1) {
            throw new DamagedChainException(files.segment(last), 0, "the segments before are missing");
        }
        final Path before = files.segment(segments.get(segments.size() - 2));
        try {
            final Line line = LineFormat.parse(files.chain(), SegmentLines.last(before));
            if (line.seq() == last - 1) {
                return line.hash();
            }
        } catch (final IllegalArgumentException e) {
            throw new DamagedChainException(before, Files.size(before), "the last line is no entry");
        }
        throw new DamagedChainException(files.segment(last), 0, "a segment before is missing");
    }

    private static void cutOffTornLine(final Path segment, final Position end, final Settings settings) throws IOException {
        final long size = Files.size(segment);
        if (size > end.offset()) {
            try (SegmentFile file = settings.opener().open(segment, settings.durable())) {
                file.cut(end.offset());
            }
            LOG.log(Level.WARNING, "the journal {0} ended within an entry: {1} bytes of it are cut off", segment, size - end.offset());
        }
    }

    /**
     * Appends entries, neighbours in the order in which they were given. If it is killed meanwhile, the first of them may be
     * there afterwards and the others not.
     *
     * @return the lines, which are on stable storage
     * @throws JournalUnwritableException if the journal cannot be written; none of the entries is in it
     * @throws IllegalArgumentException if an event is {@link Event#OTHER}
     */
    public List<Line> append(final List<Entry> entries) throws JournalUnwritableException {
        return writer.append(entries);
    }

    /**
     * The newest entry of a file, whichever server has made it: by its time, and in one chain the last. What this server has
     * appended is found at once, what another has, a second later.
     *
     * @param directory of the user, as the users file writes it
     * @throws IOException if the journal cannot be read
     */
    public Optional<Line> find(final String directory, final String path) throws IOException {
        return index.find(directory, path);
    }

    /**
     * Reads a chain from a position on. Of this server's chain what is on stable storage, of others' also what is being
     * written: a server that fails in it, or is killed, may cut that off again, and the reader says then that the chain is
     * damaged.
     *
     * @return to be closed
     */
    public ChainReader read(final Position from) {
        return from.chain() == own.chain() ? new ChainReader(own, from, () -> writer.end().seq() - 1)
                : new ChainReader(ChainFiles.of(directory, from.chain()), from, () -> Long.MAX_VALUE);
    }

    /** The number of the chain that this server appends to. */
    public int chain() {
        return own.chain();
    }

    /** The numbers of all chains. */
    public List<Integer> chains() throws IOException {
        final List<Integer> chains = new ArrayList<>();
        ChainFiles.list(directory).forEach(files -> chains.add(files.chain()));
        return chains;
    }

    /** Writes what waits, and gives the chain to whoever starts next. Nothing can be appended afterwards. */
    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } finally {
            lock.close();
        }
    }
}
