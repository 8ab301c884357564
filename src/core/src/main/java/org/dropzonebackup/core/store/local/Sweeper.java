package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;

/**
 * Removes what a crash has left behind: files and directories that bear the suffix of staging files and are older than what may
 * still be under way. Safe for threads.
 */
final class Sweeper {

    private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);
    private static final Pattern REPLACED = Pattern.compile("\\.[0-9a-f]{32}\\.(\\d{1,12})\\.replaced");

    private final Places places;
    private final StagingNames names;
    private final Staging staging;

    Sweeper(final Places places, final Staging staging) {
        this.places = places;
        this.names = staging.names();
        this.staging = staging;
    }

    /**
     * Sweeps directories, without their subdirectories. The log tells what cannot be swept.
     *
     * @param directories as the users file writes them; those that are missing are left out
     * @param before files whose last byte is older go
     */
    void sweep(final Collection<String> directories, final Instant before) {
        for (final String directory : directories) {
            try {
                final Path path = places.existing(directory).path();
                final int removed = sweep(path, before);
                LOG.log(removed > 0 ? Level.INFO : Level.DEBUG, "swept {0} leftovers from {1}", removed, path);
            } catch (final DirectoryUnusableException e) {
                LOG.log(Level.DEBUG, "not swept: {0}", e.getMessage());
            } catch (final IOException | RuntimeException e) {
                FAULTS.report(Level.WARNING, "a directory cannot be swept", e);
            }
        }
    }

    /**
     * Sweeps one directory, without its subdirectories. Neither links nor anything that this process is staging is
     * touched. The files of an upload resource go together, and not while any server has it open. What cannot be looked at or
     * removed is left out, and the log tells of it.
     *
     * @param directory a user's directory
     * @param before files whose last byte is older go
     * @return how many were removed
     * @throws IOException if the directory cannot be read; some may be removed already
     */
    int sweep(final Path directory, final Instant before) throws IOException {
        final Path real = directory.toRealPath();
        final Set<UploadId> uploads = new LinkedHashSet<>();
        int removed = 0;
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(real, names::isStagingName)) {
            for (final Path leftover : leftovers) {
                final Optional<UploadId> upload = UploadFiles.idOf(leftover, names);
                upload.ifPresent(uploads::add);
                if (upload.isEmpty()) {
                    removed += unlessItFails(leftover, () -> sweepOther(leftover, before));
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (final UploadId upload : uploads) {
            final UploadFiles files = new UploadFiles(real, upload, names, staging.durability());
            removed += unlessItFails(files.data(), () -> sweep(files, before));
        }
        return removed;
    }

    private interface Step {
        int run() throws IOException;
    }

    /** @return how many were removed */
    private static int unlessItFails(final Path leftover, final Step step) {
        try {
            return step.run();
        } catch (final IOException e) {
            FAULTS.report(Level.WARNING, SystemFaults.described(leftover, e) + "; it is not swept");
            return 0;
        }
    }

    private int sweepOther(final Path leftover, final Instant before) throws IOException {
        if (names.isInUse(leftover) || !isStale(leftover, before)) {
            return 0;
        }
        if (DirectoriesLock.isLock(leftover, names)) {
            // Whoever holds it removes it when he gives it back
            new DirectoriesLock(leftover.getParent(), staging).close();
            return 1;
        }
        try (OpenDirectory directory = OpenDirectory.of(leftover.getParent())) {
            return StagedDirectories.removeAll(directory, leftover.getFileName()) ? 1 : 0;
        }
    }

    private int sweep(final UploadFiles files, final Instant before) throws IOException {
        if (!isStale(files, before)) {
            return 0;
        }
        try (UploadLock lock = new UploadLock(files, names)) {
            // Somebody may just have let go of it
            return isStale(files, before) ? lock.files().remove() : 0;
        } catch (final UploadLockedException inUse) {
            return 0;
        }
    }

    private static boolean isStale(final UploadFiles files, final Instant before) throws IOException {
        return files.changed().filter(before::isAfter).isPresent();
    }

    /** A file that is replaced may be old, and another server still need it to put it back: its name says since when. */
    private boolean isStale(final Path file, final Instant before) throws IOException {
        final Matcher replaced = REPLACED.matcher(names.withoutSuffix(file));
        if (replaced.matches() && !Instant.ofEpochSecond(Long.parseLong(replaced.group(1))).isBefore(before)) {
            return false;
        }
        return LocalDirectory.look(file).filter(there -> there.isRegularFile() || there.isDirectory())
                .filter(there -> there.lastModifiedTime().toInstant().isBefore(before)).isPresent();
    }
}
