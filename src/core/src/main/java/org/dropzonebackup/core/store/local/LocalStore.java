package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.ResumableDirectory;
import org.dropzonebackup.core.store.ResumableStore;

/**
 * Directories below a base directory, or absolute ones. Safe for threads.
 */
public final class LocalStore implements ResumableStore {

    private final Path base;
    private final boolean createMissing;
    private final Staging staging;
    /** By their names; as many as there are users, or have been. */
    private final ConcurrentMap<Path, LocalDirectory.Place> places = new ConcurrentHashMap<>();

    /** The same for files that their group can read and nobody else. */
    public LocalStore(final Path base, final String tmpSuffix, final boolean createMissing, final boolean durable,
            final Executor writeBack) {
        this(base, tmpSuffix, createMissing, durable, PosixFilePermissions.fromString("rw-r-----"), writeBack);
    }

    /**
     * @param base below which relative directories lie
     * @param tmpSuffix suffix of staging files
     * @param createMissing whether missing directories are created
     * @param durable whether syncing really waits for stable storage
     * @param fileMode permissions of stored files, from which the process's umask takes; on Windows they are not looked at
     * @param writeBack runs what writes long files to the device while they arrive; may reject it when it is busy
     */
    public LocalStore(final Path base, final String tmpSuffix, final boolean createMissing, final boolean durable,
            final Set<PosixFilePermission> fileMode, final Executor writeBack) {
        this.base = base;
        this.createMissing = createMissing;
        this.staging = new Staging(tmpSuffix, durable, fileMode, writeBack);
    }

    @Override
    public ResumableDirectory open(final String directory) throws IOException {
        final Path path = pathOf(directory);
        if (createMissing && !Files.exists(path)) {
            create(path);
        }
        final Object key = keyOf(path);
        if (!Files.isWritable(path)) {
            throw new DirectoryUnusableException(path + " is not writable");
        }
        LocalDirectory.Place place = places.get(path);
        if (place == null || key == null || !key.equals(place.key())) {
            place = LocalDirectory.Place.of(path, key);
            places.put(path, place);
        }
        return new LocalDirectory(place, staging);
    }

    private Path pathOf(final String directory) throws DirectoryUnusableException {
        try {
            return base.resolve(directory);
        } catch (final InvalidPathException e) {
            throw new DirectoryUnusableException("no path below " + base + " can be made of the directory in the users file ("
                    + e.getReason() + "): is Java started with LC_ALL=C.UTF-8?");
        }
    }

    /** What the file system knows a directory by, links followed; null where it has nothing of the kind. */
    private static Object keyOf(final Path path) throws DirectoryUnusableException {
        try {
            final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                return attributes.fileKey();
            }
        } catch (final NoSuchFileException missing) {
            throw new DirectoryUnusableException(path + " is not a directory: it is missing");
        } catch (final IOException e) {
            throw new DirectoryUnusableException(path + " cannot be looked at: " + FileFault.describe(e));
        }
        throw new DirectoryUnusableException(path + " is not a directory");
    }

    /** The entries of new directories are made durable too, else the files in them would not be. */
    private void create(final Path path) throws IOException {
        Path existing = path;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        Files.createDirectories(path);
        for (Path created = path; !created.equals(existing); created = created.getParent()) {
            staging.syncDirectory(created.getParent());
        }
    }

    /** What sweeps leftovers out of this store's directories; leaves alone what this store is staging. */
    public Sweeper sweeper() {
        return new Sweeper(staging);
    }
}
