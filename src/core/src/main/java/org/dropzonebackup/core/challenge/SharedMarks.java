package org.dropzonebackup.core.challenge;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
     * @param directory is created with the first mark; the one above it has to be there
     */
    public SharedMarks(final Path directory) {
        this.directory = directory;
    }

    /**
     * @return whether it was not marked before
     * @throws IOException if it cannot be marked
     */
    boolean mark(final long id, final Instant expiry) throws IOException {
        final Path mark = directory.resolve(String.format("%d-%016x", expiry.getEpochSecond(), id));
        try {
            return create(mark);
        } catch (final NoSuchFileException noDirectory) {
            createDirectory();
            return create(mark);
        }
    }

    private static boolean create(final Path mark) throws IOException {
        try {
            Files.createFile(mark);
            return true;
        } catch (final FileAlreadyExistsException marked) {
            return false;
        }
    }

    /** Not the one above, which may be the place of a file system that is lost. */
    private void createDirectory() throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (final FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /**
     * Removes the marks of challenges that have expired some time ago.
     *
     * @throws IOException if the directory cannot be read or a mark cannot be removed; all others are
     */
    public void sweep(final Instant now) throws IOException {
        IOException failure = null;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory,
                mark -> mark.getFileName().toString().matches(FORM))) {
            for (final Path mark : all) {
                final String name = mark.getFileName().toString();
                final Instant expiry = Instant.ofEpochSecond(Long.parseLong(name.substring(0, name.indexOf('-'))));
                if (expiry.plus(SURELY_EXPIRED).isBefore(now)) {
                    try {
                        Files.deleteIfExists(mark);
                    } catch (final IOException e) {
                        failure = e;
                    }
                }
            }
        } catch (final NoSuchFileException nothingMarked) {
            return;
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
