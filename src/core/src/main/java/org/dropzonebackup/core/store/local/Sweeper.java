package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;

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
     * touched. The files of an upload resource go together, and not while any server has it open.
     *
     * @param directory a user's directory
     * @param before files whose last byte is older go
     * @return how many were removed
     * @throws IOException if the directory cannot be read or a file cannot be removed; others may be removed already
     */
    public int sweep(final Path directory, final Instant before) throws IOException {
        final Path real = directory.toRealPath();
        final Set<UploadId> uploads = new HashSet<>();
        int removed = 0;
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(real, staging::isStagingName)) {
            for (final Path leftover : leftovers) {
                final Optional<UploadId> upload = UploadFiles.idOf(leftover, staging);
                upload.ifPresent(uploads::add);
                if (upload.isEmpty() && !staging.isInUse(leftover) && isStale(leftover, before)
                        && Files.deleteIfExists(leftover)) {
                    removed++;
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (final UploadId upload : uploads) {
            removed += sweep(new UploadFiles(real, upload, staging), before);
        }
        return removed;
    }

    private int sweep(final UploadFiles files, final Instant before) throws IOException {
        if (!isStale(files, before)) {
            return 0;
        }
        try (UploadLock lock = new UploadLock(files, staging)) {
            // Somebody may just have let go of it
            return isStale(files, before) ? lock.files().remove() : 0;
        } catch (final UploadLockedException inUse) {
            return 0;
        }
    }

    private static boolean isStale(final UploadFiles files, final Instant before) throws IOException {
        return files.changed().filter(before::isAfter).isPresent();
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
