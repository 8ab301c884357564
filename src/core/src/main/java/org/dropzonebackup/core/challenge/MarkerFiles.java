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
 * A replay cache that several servers share: a directory with an empty file for each used challenge. The server that creates
 * the file may accept the challenge ({@code O_CREAT|O_EXCL}, which works on NFS too). The file's name is {@code EXPIRY-ID}:
 * seconds since 1970, and the id in hexadecimal. Safe for threads and for processes.
 */
public final class MarkerFiles {

    private static final String NAME = "\\d{1,12}-[0-9a-f]{16}";
    /** More than any server's clock may be behind. */
    private static final Duration SWEPT_AFTER = Duration.ofMinutes(5);

    private final Path directory;

    /**
     * @param directory is created when the first marker is; its parent has to exist
     */
    public MarkerFiles(final Path directory) {
        this.directory = directory;
    }

    /**
     * Creates the marker of a challenge.
     *
     * @return whether it did not exist before
     * @throws IOException if it cannot be created
     */
    boolean create(final long id, final Instant expiry) throws IOException {
        if (!Files.isDirectory(directory)) {
            createDirectory();
        }
        try {
            Files.createFile(directory.resolve(String.format("%d-%016x", expiry.getEpochSecond(), id)));
            return true;
        } catch (final FileAlreadyExistsException used) {
            return false;
        }
    }

    /** Creates the directory but not its parent, which may be the mount point of a file system that is not mounted. */
    private void createDirectory() throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (final FileAlreadyExistsException byAnotherServer) {
            if (!Files.isDirectory(directory)) {
                throw byAnotherServer;
            }
        }
    }

    /**
     * Removes the markers of challenges that have expired by every server's clock.
     *
     * @throws IOException if the directory cannot be read, or a marker cannot be removed; all others are removed then
     */
    public void sweep(final Instant now) throws IOException {
        IOException failure = null;
        try (DirectoryStream<Path> markers = Files.newDirectoryStream(directory,
                marker -> marker.getFileName().toString().matches(NAME))) {
            for (final Path marker : markers) {
                final String name = marker.getFileName().toString();
                final Instant expiry = Instant.ofEpochSecond(Long.parseLong(name.substring(0, name.indexOf('-'))));
                if (expiry.plus(SWEPT_AFTER).isBefore(now)) {
                    try {
                        Files.deleteIfExists(marker);
                    } catch (final IOException e) {
                        failure = e;
                    }
                }
            }
        } catch (final NoSuchFileException noMarkersYet) {
            return;
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
