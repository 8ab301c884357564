package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.journal.ChainWriter.Settings;

/** Servers that share the directory of a journal, with small segments. They sync nothing of themselves, as no test cuts the power. */
final class Journals {

    /** Three or four entries. */
    static final long SEGMENT_SIZE = 1000;
    static final String DIGEST = "0123456789abcdef".repeat(4);

    final Path directory;
    final SettableClock clock = new SettableClock();
    private final SegmentFile.Opener opener;

    Journals(final Path directory) {
        this(directory, SegmentFile::new);
    }

    Journals(final Path directory, final SegmentFile.Opener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    Journal open() throws IOException {
        final Journal journal = new Journal(directory, new Settings(false, clock, SEGMENT_SIZE, opener), clock::nanoTime);
        journal.open();
        return journal;
    }

    static Entry stored(final String path) {
        return stored(path, 5);
    }

    static Entry stored(final String path, final long size) {
        return new Entry(Event.STORED, Optional.of("alice"), new FileFacts("alice", path, size, DIGEST, Optional.empty()),
                Optional.of("192.0.2.1"));
    }

    /** Appends entries of files with a prefix, one call each. */
    static void append(final Journal journal, final String prefix, final int count) throws IOException {
        for (int i = 0; i < count; i++) {
            journal.append(List.of(stored(prefix + i)));
        }
    }

    static List<Line> readAll(final Journal journal, final int chain) throws IOException {
        return readFrom(journal, Position.start(chain));
    }

    static List<Line> readFrom(final Journal journal, final Position position) throws IOException {
        final List<Line> lines = new ArrayList<>();
        try (ChainReader reader = journal.read(position)) {
            for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get());
            }
        }
        return lines;
    }

    static List<String> paths(final List<Line> lines) {
        return lines.stream().map(line -> line.file().path()).toList();
    }

    ChainFiles chain(final int chain) {
        return ChainFiles.of(directory, chain);
    }

    Path lastSegment(final int chain) throws IOException {
        final List<Long> segments = chain(chain).segments();
        return chain(chain).segment(segments.get(segments.size() - 1));
    }
}
