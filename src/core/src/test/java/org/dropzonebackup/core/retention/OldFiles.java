package org.dropzonebackup.core.retention;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;

/** Files that a server has received long ago, as far as its journal and the files tell. */
public final class OldFiles {

    private OldFiles() {
    }

    /**
     * Makes a file of each of some nights.
     *
     * @param firstDaysAgo half a day before the first one was received; one a day follows
     * @return their names, the oldest first
     */
    public static List<String> nights(final Path base, final String user, final int firstDaysAgo, final int count) throws IOException {
        final SettableClock clock = new SettableClock();
        clock.pass(Duration.ofHours(12).minusDays(firstDaysAgo));
        final List<String> names = new ArrayList<>();
        try (Journal journal = new Journal(base.resolve(".dropzone/journal"), false, clock, System::nanoTime)) {
            for (int i = 0; i < count; i++) {
                final String name = i == 0 ? "db.dump"
                        : "db." + clock.instant().truncatedTo(ChronoUnit.SECONDS).toString().replace(':', '-') + ".dump";
                final Path file = Files.createDirectories(base.resolve(user)).resolve(name);
                Files.writeString(file, name);
                Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
                journal.append(List.of(new Entry(Event.STORED, Optional.of(user), new FileFacts(user, name, name.length(),
                        sha256(name), i == 0 ? Optional.empty() : Optional.of("db.dump")), Optional.empty())));
                names.add(name);
                clock.pass(Duration.ofDays(1));
            }
        }
        return names;
    }

    private static String sha256(final String content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
