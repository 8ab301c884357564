package org.dropzonebackup.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.journal.ChainWriter.Settings;

/**
 * The chain of a journal that this server appends to, which no other server holds, and what is known of all chains. Safe for
 * threads.
 */
final class OwnChain implements Closeable {

    private static final System.Logger LOG = System.getLogger(OwnChain.class.getName());

    private final ProcessLock lock;
    private final ChainFiles own;
    private final ChainWriter writer;
    private final Index index;

    private OwnChain(final Path directory, final ProcessLock lock, final ChainFiles own, final Settings settings,
            final LongSupplier nanoTime) throws IOException {
        this.lock = lock;
        this.own = own;
        final ChainIndex ownIndex = new ChainIndex(own, false);
        this.writer = new ChainWriter(own, verifiedEnd(own, ownIndex, settings), ownIndex, settings);
        this.index = new Index(directory, own.chain(), ownIndex, nanoTime);
    }

    /**
     * Takes the first chain that no server holds, or begins one. What a kill has left of the last entry is cut off. A chain whose
     * last segment is damaged is left as it is, and the log says so.
     *
     * @throws IOException if it cannot be read or written; nothing is held then
     */
    static OwnChain open(final Path directory, final Settings settings, final LongSupplier nanoTime) throws IOException {
        ChainFiles.createDirectory(directory.toAbsolutePath().getParent(), settings.durable());
        ChainFiles.createDirectory(directory, settings.durable());
        int next = 1;
        for (final ChainFiles files : ChainFiles.list(directory)) {
            final Optional<OwnChain> chain = open(directory, files, settings, nanoTime);
            if (chain.isPresent()) {
                return chain.get();
            }
            next = files.chain() + 1;
        }
        while (true) {
            final ChainFiles files = ChainFiles.of(directory, next++);
            // Another server that starts at this moment may take it first
            final Optional<OwnChain> chain = open(directory, files, settings, nanoTime);
            if (chain.isPresent()) {
                LOG.log(Level.INFO, "begins the journal {0}", files.directory());
                return chain.get();
            }
        }
    }

    /** @return none if another server holds the chain, or it is damaged */
    private static Optional<OwnChain> open(final Path directory, final ChainFiles files, final Settings settings,
            final LongSupplier nanoTime) throws IOException {
        ChainFiles.createDirectory(files.directory(), settings.durable());
        final Optional<ProcessLock> lock = ProcessLock.take(files.lock());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        Optional<OwnChain> chain = Optional.empty();
        try {
            chain = Optional.of(new OwnChain(directory, lock.get(), files, settings, nanoTime));
        } catch (final DamagedChainException e) {
            LOG.log(Level.ERROR, "nothing is added to the journal {0} any more: {1}", files.directory(), e.getMessage());
        } finally {
            if (chain.isEmpty()) {
                lock.get().close();
            }
        }
        return chain;
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

    ChainFiles files() {
        return own;
    }

    ChainWriter writer() {
        return writer;
    }

    Index index() {
        return index;
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
