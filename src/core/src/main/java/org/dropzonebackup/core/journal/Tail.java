package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dropzonebackup.core.log.FaultLog;

/**
 * The index of a segment that grows, in memory. Entries that cannot be read are left out: to verify is not its concern, and the
 * chain may be one that is damaged. To be used by one thread at a time.
 */
final class Tail {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Tail.class.getName()));

    private final Path segment;
    private Places places = new Places();
    /** Behind the last line that was read, and its hash. */
    private long offset;
    private String head;

    Tail(final Path segment) {
        this.segment = segment;
    }

    Places places() {
        return places;
    }

    /** Adds a line that this server has written or verified; one about no file is not looked for. */
    void add(final Line line, final long at) {
        line.entry().file().ifPresent(file -> places.add(Places.place(Places.key(file.directory(), file.path()), at)));
    }

    /** Adds what another server has written since. What it had written before it may have cut off again. */
    void catchUp() throws IOException {
        if (offset > 0 && isRewritten()) {
            places = new Places();
            offset = 0;
        }
        try (SegmentLines lines = new SegmentLines(segment, offset)) {
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                head = read(line.get());
                offset = lines.offset();
            }
        } catch (final DamagedChainException endless) {
            FAULTS.report(Level.ERROR, "files are not found in the journal: " + endless.getMessage());
            offset = Files.size(segment);
        }
    }

    private boolean isRewritten() throws IOException {
        final Optional<byte[]> next = SegmentLines.at(segment, offset);
        try {
            return next.isEmpty() ? Files.size(segment) < offset : !LineFormat.parse(0, next.get()).prev().equals(head);
        } catch (final IllegalArgumentException noEntry) {
            return true;
        }
    }

    private String read(final byte[] bytes) {
        try {
            final Line line = LineFormat.parse(0, bytes);
            add(line, offset);
            return line.hash();
        } catch (final IllegalArgumentException noEntry) {
            FAULTS.report(Level.ERROR, "files are not found in the journal: " + segment + " has a line that is no entry");
            return LineFormat.hash(bytes);
        }
    }
}
