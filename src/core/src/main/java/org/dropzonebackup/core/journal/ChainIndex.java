package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dropzonebackup.core.log.FaultLog;

/**
 * Finds the newest entry of a file in a chain. The last segment is indexed in memory, each other one in a file. Safe for
 * threads.
 */
final class ChainIndex {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(ChainIndex.class.getName()));

    private final ChainFiles files;
    private final boolean readOnly;
    private final List<SealedIndex> sealed = new CopyOnWriteArrayList<>();
    /** The number of the last segment, 0 as long as there is none, and its index. */
    private long segment;
    private Tail tail;

    /** @param readOnly whether no index file is made */
    ChainIndex(final ChainFiles files, final boolean readOnly) {
        this.files = files;
        this.readOnly = readOnly;
        begin(0);
    }

    private void begin(final long next) {
        segment = next;
        tail = new Tail(files.segment(next));
    }

    /** Reads the chain of another server, or what was added to it since. */
    synchronized void catchUp() throws IOException {
        catchUp(files.segments());
        if (segment > 0) {
            tail.catchUp();
        }
    }

    /** Reads all segments but the last, whose lines are still to be added. */
    synchronized void catchUp(final List<Long> segments) throws IOException {
        for (final long each : segments) {
            if (each > segment) {
                if (segment > 0) {
                    sealed.add(SealedIndex.open(files, segment, readOnly));
                }
                begin(each);
            }
        }
    }

    /** Adds lines that this server has written or verified, all of one segment. */
    synchronized void add(final long written, final List<Line> lines, final long[] offsets) {
        if (written > segment) {
            begin(written);
        }
        for (int i = 0; i < offsets.length; i++) {
            tail.add(lines.get(i), offsets[i]);
        }
    }

    /** Moves the index of the last segment to a file, unless that was done; nothing is added to this segment then. */
    synchronized void seal() {
        if (sealed.isEmpty() || sealed.get(sealed.size() - 1).segment() < segment) {
            sealed.add(SealedIndex.write(files, segment, tail.places()));
        }
    }

    /**
     * The newest entry of a file.
     *
     * @param key the file's in {@link Places}
     */
    Optional<Line> find(final int key, final String directory, final String path) throws IOException {
        final long last;
        final long[] places;
        synchronized (this) {
            last = segment;
            places = tail.places().find(key);
        }
        Optional<Line> line = newest(last, places, directory, path);
        // A segment that is sealed meanwhile is looked through twice, and none is left out
        for (final ListIterator<SealedIndex> older = sealed.listIterator(sealed.size()); line.isEmpty() && older.hasPrevious();) {
            final SealedIndex each = older.previous();
            try {
                line = newest(each.segment(), each.find(key), directory, path);
            } catch (final NoSuchFileException removed) {
                reportAltered(each.segment());
            }
        }
        return line;
    }

    private Optional<Line> newest(final long in, final long[] places, final String directory, final String path)
            throws IOException {
        for (int i = places.length - 1; i >= 0; i--) {
            final Optional<Line> line = read(in, Places.offset(places[i]));
            if (line.flatMap(found -> found.entry().file())
                    .filter(file -> file.directory().equals(directory) && file.path().equals(path)).isPresent()) {
                return line;
            }
        }
        return Optional.empty();
    }

    private Optional<Line> read(final long in, final long offset) throws IOException {
        try {
            return SegmentLines.at(files.segment(in), offset).map(line -> LineFormat.parse(files.chain(), line));
        } catch (final NoSuchFileException | IllegalArgumentException altered) {
            reportAltered(in);
            return Optional.empty();
        }
    }

    private void reportAltered(final long in) {
        FAULTS.report(Level.ERROR, "a file is not found in the journal: " + files.segment(in) + " was altered or removed");
    }
}
