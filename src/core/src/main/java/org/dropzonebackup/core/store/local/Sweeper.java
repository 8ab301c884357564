package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * Removes what a crash left behind: files that bear the suffix of staging files and are older than what may still be
 * under way. Safe for threads.
 */
public final class Sweeper {

    private final Staging staging;

    Sweeper(final Staging staging) {
        this.staging = staging;
    }

    /**
     * Sweeps one directory, without its subdirectories. Neither links nor anything that this process is staging is
     * touched.
     *
     * @param directory a user's directory
     * @param before files whose last byte is older go
     * @return how many were removed
     * @throws IOException if the directory cannot be read or a file cannot be removed; others may be removed already
     */
    public int sweep(final Path directory, final Instant before) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory.toRealPath(), staging::isStagingName)) {
            for (final Path leftover : leftovers) {
                if (!staging.isInUse(leftover) && isStale(leftover, before) && Files.deleteIfExists(leftover)) {
                    removed++;
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        return removed;
    }

    private static boolean isStale(final Path file, final Instant before) throws IOException {
        try {
            final BasicFileAttributes attributes = LocalDirectory.attributes(file);
            return attributes.isRegularFile() && attributes.lastModifiedTime().toInstant().isBefore(before);
        } catch (final NoSuchFileException alreadyGone) {
            return false;
        }
    }
}
