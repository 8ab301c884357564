package org.dropzonebackup.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;

/**
 * Fills a base directory with many small files and their journal, to be verified by the admin tool:
 * <pre>
 * java -cp dropzone-bench.jar org.dropzonebackup.bench.SmallFilesProgram BASE-DIRECTORY FILES
 * </pre>
 */
public final class SmallFilesProgram {

    private static final int IN_A_DIRECTORY = 1000;

    private SmallFilesProgram() {
    }

    public static void main(final String[] arguments) throws Exception {
        final Path base = Path.of(arguments[0]);
        final long files = Long.parseLong(arguments[1]);
        Files.createDirectories(base);
        Files.writeString(base.resolve("users.properties"), "alice.directory = alice\n");
        try (Journal journal = new Journal(base.resolve(".dropzone/journal"), false, Clock.systemUTC(), System::nanoTime)) {
            for (long first = 0; first < files; first += IN_A_DIRECTORY) {
                fill(base, journal, first, Math.min(files, first + IN_A_DIRECTORY));
            }
        }
    }

    private static void fill(final Path base, final Journal journal, final long first, final long end) throws Exception {
        final String directory = "nightly/" + first / IN_A_DIRECTORY;
        Files.createDirectories(base.resolve("alice").resolve(directory));
        final List<Entry> entries = new ArrayList<>();
        for (long i = first; i < end; i++) {
            entries.add(write(base.resolve("alice"), directory + "/" + i + ".dump", "content of file " + i));
        }
        journal.append(entries);
    }

    private static Entry write(final Path home, final String path, final String content) throws Exception {
        final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Files.write(home.resolve(path), bytes);
        return new Entry(Event.STORED, Optional.of("alice"), new FileFacts("alice", path, bytes.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)), Optional.empty()), Optional.empty());
    }
}
