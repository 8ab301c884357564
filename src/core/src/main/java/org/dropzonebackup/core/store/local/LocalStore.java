package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.store.ResumableDirectory;
import org.dropzonebackup.core.store.ResumableStore;

/**
 * Directories below a base directory, or absolute ones. Safe for threads.
 */
public final class LocalStore implements ResumableStore {

    private final Staging staging;
    private final Places places;

    /** The same for files that their group can read and nobody else. */
    public LocalStore(final Path base, final String tmpSuffix, final boolean createMissing, final boolean durable,
            final Executor writeBack) {
        this(base, tmpSuffix, createMissing, durable, PosixFilePermissions.fromString("rw-r-----"), writeBack);
    }

    /**
     * @param base below which relative directories lie; where another directory is found in its place later, uploads are
     *        refused
     * @param tmpSuffix suffix of staging files
     * @param createMissing whether directories below the base directory are created where they are missing
     * @param durable whether syncing really waits for stable storage
     * @param fileMode permissions of stored files, from which the process's umask takes; on Windows they are not looked at
     * @param writeBack runs what writes long files to the device while they arrive; may reject it when it is busy
     */
    public LocalStore(final Path base, final String tmpSuffix, final boolean createMissing, final boolean durable,
            final Set<PosixFilePermission> fileMode, final Executor writeBack) {
        this.staging = new Staging(tmpSuffix, durable, fileMode, writeBack);
        this.places = new Places(base, createMissing, staging);
    }

    @Override
    public ResumableDirectory open(final String directory) throws IOException {
        return new LocalDirectory(places.writable(directory), staging);
    }

    /** What sweeps leftovers out of this store's directories; leaves alone what this store is staging. */
    public Sweeper sweeper() {
        return new Sweeper(places, staging);
    }
}
