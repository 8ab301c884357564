package org.dropzonebackup.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.journal.ChainWriter.Settings;
import org.dropzonebackup.core.threads.Action;

/**
 * The memory of a drop box: what became of each file, in entries that are only ever added. Several servers share the directory
 * of a journal; each appends to a chain of its own, and finds what all have entered. It is opened when it is first needed, and
 * tried again each time as long as that fails. Safe for threads.
 */
public final class Journal implements Closeable {

    private static final long SEGMENT_SIZE = 64 << 20;

    private final Path directory;
    private final Settings settings;
    private final LongSupplier nanoTime;
    /** Written by who holds the lock of this; null while it is not open. */
    private volatile OwnChain own;
    private volatile Consumer<Position> begun = start -> { };
    /** Of a journal that is only read; else null. */
    private Index others;
    /** Guarded by this. */
    private boolean closed;

    /**
     * @param directory of the journal; it and the one above it are created where they are missing, for their owner alone
     * @param durable whether entries are on stable storage when they were appended
     * @param clock for the time of entries
     * @param nanoTime for measuring durations
     */
    public Journal(final Path directory, final boolean durable, final Clock clock, final LongSupplier nanoTime) {
        this(directory, durable, clock, nanoTime, SyncWatch.NONE);
    }

    /** @param watch is told of each sync of entries; the other arguments are the same */
    public Journal(final Path directory, final boolean durable, final Clock clock, final LongSupplier nanoTime, final SyncWatch watch) {
        this(directory, new Settings(durable, clock, SEGMENT_SIZE, (path, synced) -> new WatchedSegment(path, synced, watch)), nanoTime);
    }

    Journal(final Path directory, final Settings settings, final LongSupplier nanoTime) {
        this.directory = directory;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /**
     * A journal that others write: nothing is locked or written here, and nothing can be appended.
     *
     * @param directory of the journal, which exists
     */
    public static Journal readOnly(final Path directory, final LongSupplier nanoTime) {
        final Journal journal = new Journal(directory, false, Clock.systemUTC(), nanoTime);
        journal.closed = true;
        journal.others = new Index(directory, nanoTime);
        return journal;
    }

    /**
     * Opens it unless it is open: goes on with the first chain that no server holds, or begins one. What a kill has left of the
     * last entry is cut off. A chain whose last segment is damaged is left as it is, and the log says so. Takes some seconds for
     * ten million entries, and a minute if all index files are missing.
     *
     * @throws IOException if it cannot be read or written; nothing is held then
     */
    public void open() throws IOException {
        own();
    }

    private OwnChain own() throws IOException {
        final OwnChain open = own;
        return open == null ? openNow() : open;
    }

    private synchronized OwnChain openNow() throws IOException {
        if (closed) {
            throw new IOException("it is closed");
        }
        if (own == null) {
            final OwnChain opened = OwnChain.open(directory, settings, nanoTime);
            if (opened.writer().end().seq() == 1) {
                begun.accept(opened.writer().end());
            }
            own = opened;
        }
        return own;
    }

    /**
     * @param told is called when the journal is opened and its chain has no entry, before it gets one
     */
    public void whenBegun(final Consumer<Position> told) {
        begun = told;
    }

    /**
     * Appends entries, neighbours in the order in which they were given. If it is killed meanwhile, the first of them may be
     * there afterwards and the others not.
     *
     * @return the lines, which are on stable storage
     * @throws JournalUnwritableException if the journal cannot be written; none of the entries is in it
     * @throws IllegalArgumentException if an event is {@link Event#OTHER}
     */
    public List<Line> append(final List<Entry> entries) throws IOException {
        return append(entries, Action.NOTHING);
    }

    /**
     * Appends entries of what is true only after a step, such as a sync of a directory.
     *
     * @param before the step: it is run before the entries are written, once for all who append at the same time and give the
     *        same object. If it fails, the entries are not written
     * @throws JournalUnwritableException if the journal cannot be written; none of the entries is in it
     * @throws IOException as the step throws it; the same
     */
    public List<Line> append(final List<Entry> entries, final Action before) throws IOException {
        final OwnChain open;
        try {
            open = own();
        } catch (final IOException e) {
            throw new JournalUnwritableException(directory, e);
        }
        return open.writer().append(entries, before);
    }

    /**
     * The newest entry of a file, whichever server has made it: by its time, and in one chain the last. What this server has
     * appended is found at once, what another has, a second later.
     *
     * @param directory of the user, as the users file writes it
     * @throws IOException if the journal cannot be read
     */
    public Optional<Line> find(final String directory, final String path) throws IOException {
        return (others == null ? own().index() : others).find(directory, path);
    }

    /**
     * Reads a chain from a position on. Of this server's chain what is on stable storage, of others' also what is being
     * written: a server that fails in it, or is killed, may cut that off again, and the reader says then that the chain is
     * damaged. This does not open the journal, and needs no right to write.
     *
     * @return to be closed
     */
    public ChainReader read(final Position from) {
        final OwnChain open = own;
        return open != null && from.chain() == open.files().chain() ? new ChainReader(open.files(), from, () -> open.writer().end().seq() - 1)
                : new ChainReader(ChainFiles.of(directory, from.chain()), from, () -> Long.MAX_VALUE);
    }

    /** Whether a chain has a segment with something in it. Does not open the journal. */
    public boolean hasEntries(final int chain) throws IOException {
        final ChainFiles files = ChainFiles.of(directory, chain);
        for (final long segment : files.segments()) {
            if (Files.size(files.segment(segment)) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The entry of a number, by its segment's name and whether or not those before it are whole. Does not open the journal.
     *
     * @return none if it is not there, or no entry
     * @throws IOException if the segment cannot be read
     */
    public Optional<Line> entry(final int chain, final long seq) throws IOException {
        final ChainFiles files = ChainFiles.of(directory, chain);
        final List<Long> segments = files.segments().stream().filter(first -> first <= seq).toList();
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        try {
            return SegmentLines.find(files.segment(segments.get(segments.size() - 1)), chain, seq);
        } catch (final DamagedChainException endless) {
            return Optional.empty();
        }
    }

    /**
     * Where a chain ends: this server's, with what is on stable storage, or one that no server holds.
     *
     * @return none if another server holds it, or has not ended it with an entry
     * @throws IOException if the journal cannot be opened or read
     */
    public Optional<Position> end(final int chain) throws IOException {
        if (others == null && chain == chain()) {
            return Optional.of(own().writer().end());
        }
        final ChainFiles files = ChainFiles.of(directory, chain);
        final Optional<ProcessLock> free = ProcessLock.take(files.lock());
        if (free.isEmpty()) {
            return Optional.empty();
        }
        try {
            return files.end();
        } finally {
            free.get().close();
        }
    }

    /** How many entries this server's chain has on stable storage; none if the journal is not open. Waits for nothing. */
    public OptionalLong entries() {
        final OwnChain open = own;
        return open == null ? OptionalLong.empty() : OptionalLong.of(open.writer().end().seq() - 1);
    }

    /** The file beside the segments of a chain that tells a signed hash of it; see {@link org.dropzonebackup.core.verify}. */
    public Path signedHead(final int chain) {
        return ChainFiles.of(directory, chain).directory().resolve("head.jws");
    }

    /** The number of the chain that this server appends to. */
    public int chain() throws IOException {
        return own().files().chain();
    }

    /** The numbers of all chains; none if there is no journal. Does not open it. */
    public List<Integer> chains() throws IOException {
        return Files.isDirectory(directory) ? ChainFiles.list(directory).stream().map(ChainFiles::chain).toList() : List.of();
    }

    /**
     * When the journal was last written, by the clock of the server that did: the latest of the times of the last entries of all
     * chains. Does not open it.
     *
     * @return none if there is no entry
     * @throws DamagedChainException if a last line is none, or is just being written
     * @throws IOException if it cannot be read
     */
    public Optional<Instant> lastTime() throws IOException {
        Optional<Instant> last = Optional.empty();
        for (final int chain : chains()) {
            final Optional<Instant> time = ChainFiles.of(directory, chain).lastLine().map(Line::time);
            last = last.isEmpty() || time.isPresent() && time.get().isAfter(last.get()) ? time : last;
        }
        return last;
    }

    /** Whether no other server that is running has the journal open. */
    public boolean isAlone() throws IOException {
        final int mine = chain();
        for (final ChainFiles files : ChainFiles.list(directory)) {
            if (files.chain() != mine) {
                final Optional<ProcessLock> free = ProcessLock.take(files.lock());
                if (free.isEmpty()) {
                    return false;
                }
                free.get().close();
            }
        }
        return true;
    }

    /** Writes what waits, and gives the chain to whoever starts next. Nothing can be appended afterwards. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (own != null) {
            own.close();
        }
    }
}
