package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Store;

/** A store of directories below a base directory, or absolute ones. Safe for threads. */
public final class LocalStore implements Store {

    private final Staging staging;
    private final Places places;

    /**
     * A store whose files their group can read and nobody else.
     *
     * @param threads runs transfers and write-back
     */
    public LocalStore(final Path base, final String tmpSuffix, final boolean createMissing, final boolean durable,
            final Executor threads) {
        this(base, tmpSuffix, createMissing, durable, PosixFilePermissions.fromString("rw-r-----"), threads, threads, SyncWatch.NONE);
    }

    /**
     * @param base below which relative directories lie; where another directory is found in its place later, uploads are
     *        refused
     * @param tmpSuffix suffix of staging files
     * @param createMissing whether directories below the base directory are created where they are missing
     * @param durable whether syncing really waits for stable storage
     * @param fileMode permissions of stored files, from which the process's umask takes; on Windows they are not looked at
     * @param transfers writes what uploads bring; its threads wait for the device, and what it cannot run at once it has to keep
     * @param writeBack brings long files to the device while they arrive; may reject it when it is busy
     * @param watch is told of each sync
     */
    public LocalStore(final Path base, final String tmpSuffix, final boolean createMissing, final boolean durable,
            final Set<PosixFilePermission> fileMode, final Executor transfers, final Executor writeBack,
            final SyncWatch watch) {
        final Durability durability = new Durability(durable, watch);
        this.staging = new Staging(new StagingNames(tmpSuffix), durability, fileMode, transfers, writeBack);
        this.places = new Places(base, createMissing, durability);
    }

    @Override
    public Directory open(final String directory) throws IOException {
        return directory(places.writable(directory));
    }

    private Directory directory(final Place place) {
        return new LocalDirectory(place, staging, places.memory(), !places.isBesideBase(place));
    }

    @Override
    public Optional<Directory> existing(final String directory) throws IOException {
        try {
            return Optional.of(directory(places.existing(directory)));
        } catch (final DirectoryUnusableException missing) {
            return Optional.empty();
        }
    }

    @Override
    public void sweep(final Collection<String> directories, final Instant before) {
        new Sweeper(places, staging).sweep(directories, before);
    }

    @Override
    public void recover(final Collection<String> directories, final Instant before, final Recovery recovery) {
        new Interruptions(places, staging).tell(directories, before, recovery);
    }

    @Override
    public void retryRemovals() {
        staging.names().retryRemovals();
    }
}
