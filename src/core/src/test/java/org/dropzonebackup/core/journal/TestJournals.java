package org.dropzonebackup.core.journal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The journals of servers that are tried, one for each base directory. Nothing is synced, as no test cuts the power. */
public final class TestJournals {

    private static final Map<Path, Journal> JOURNALS = new ConcurrentHashMap<>();

    private TestJournals() {
    }

    /** The journal below a base directory, the same each time. */
    public static Journal in(final Path base) {
        return JOURNALS.computeIfAbsent(base,
                first -> new Journal(first.resolve(".dropzone/journal"), false, Clock.systemUTC(), System::nanoTime));
    }
}
