package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The journals of servers that are tried, one for each base directory. Nothing is synced, as no test cuts the power. */
public final class TestJournals {

    private static final Map<Path, Journal> JOURNALS = new ConcurrentHashMap<>();

    private TestJournals() {
    }

    /** One below a base directory whose segments have few entries. */
    public static Journal withSmallSegments(final Path base, final Clock clock) {
        return new Journal(base.resolve(".dropzone/journal"),
                new ChainWriter.Settings(false, clock, Journals.SEGMENT_SIZE, SegmentFile::new), System::nanoTime);
    }

    /** The journal below a base directory, the same each time. */
    public static Journal in(final Path base) {
        return JOURNALS.computeIfAbsent(base,
                first -> new Journal(first.resolve(".dropzone/journal"), false, Clock.systemUTC(), System::nanoTime));
    }

    /** A journal on a device that has no space. */
    public static Journal full(final Path base) {
        return new Journal(base.resolve(".dropzone/journal"), new ChainWriter.Settings(false, Clock.systemUTC(), 1 << 20, (path, durable) -> {
            throw new IOException("No space left on device");
        }), System::nanoTime);
    }

    /** All lines of a chain. */
    public static List<Line> readAll(final Journal journal, final int chain) throws IOException {
        return Journals.readAll(journal, chain);
    }
}
