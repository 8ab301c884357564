package org.dropzonebackup.core.challenge;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A directory that several servers share, with an empty file for each challenge that one of them has taken: whoever
 * creates it first has it ({@code O_CREAT|O_EXCL}, which NFS keeps too). Its name is {@code EXPIRY-ID}, the expiry in
 * seconds since 1970 and the id in hexadecimal. Safe for threads and for processes.
 */
public final class SharedMarks {

    private static final String FORM = "\\d{1,12}-[0-9a-f]{16}";
    /** No clock may be that far behind. */
    private static final Duration SURELY_EXPIRED = Duration.ofMinutes(5);

    private final Path directory;

    /**
     * @param directory is created with the first mark
     */
    public SharedMarks(final Path directory) {
        this.directory = directory;
    }

    /**
     * @return whether it was not marked before
     * @throws IOException if it cannot be marked
     */
    boolean mark(final long id, final Instant expiry) throws IOException {
        Files.createDirectories(directory);
        try {
            Files.createFile(directory.resolve(String.format("%d-%016x", expiry.getEpochSecond(), id)));
            return true;
        } catch (final FileAlreadyExistsException marked) {
            return false;
        }
    }

    /**
     * Removes the marks of challenges that have expired some time ago.
     *
     * @throws IOException if the directory cannot be read or a mark cannot be removed
     */
    public void sweep(final Instant now) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory,
                mark -> mark.getFileName().toString().matches(FORM))) {
            for (final Path mark : all) {
                final String name = mark.getFileName().toString();
                final Instant expiry = Instant.ofEpochSecond(Long.parseLong(name.substring(0, name.indexOf('-'))));
                if (expiry.plus(SURELY_EXPIRED).isBefore(now)) {
                    Files.deleteIfExists(mark);
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
