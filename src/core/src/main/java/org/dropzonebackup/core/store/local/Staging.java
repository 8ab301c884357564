package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** What the directories of one store share. Safe for threads. */
final class Staging {

    private static final FileAttribute<?>[] NO_MODE = {};
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

    private final ConcurrentMap<Path, ReentrantLock> replaceLocks = new ConcurrentHashMap<>();
    private final ConcurrentMap<Path, Long> blockSizes = new ConcurrentHashMap<>();
    private final StagingNames names;
    private final Durability durability;
    private final FileAttribute<?>[] mode;
    private final Executor transfers;
    private final Executor writeBack;

    /**
     * @param mode permissions of stored files
     * @param transfers writes what was taken
     * @param writeBack brings long files to the device while they arrive; may reject it
     */
    Staging(final StagingNames names, final Durability durability, final Set<PosixFilePermission> mode, final Executor transfers,
            final Executor writeBack) {
        this.names = names;
        this.durability = durability;
        this.mode = new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
        this.transfers = transfers;
        this.writeBack = writeBack;
    }

    StagingNames names() {
        return names;
    }

    Durability durability() {
        return durability;
    }

    Executor transfers() {
        return transfers;
    }

    Executor writeBack() {
        return writeBack;
    }

    /** Held while files of a user's directory are replaced; see the package. */
    ReentrantLock replaceLock(final Path directory) {
        return replaceLocks.computeIfAbsent(directory, d -> new ReentrantLock(true));
    }

    /** Creates a file exclusively: {@code O_CREAT|O_EXCL} follows no link and opens nothing that exists. */
    FileChannel create(final Path name) throws IOException {
        return open(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Creates a directory, with permissions that let nobody but its owner and group in. */
    static void createDirectory(final Path name) throws IOException {
        Files.createDirectory(name, where(name, DIRECTORY_MODE));
    }

    /** Permissions, where the file system knows any. */
    private static FileAttribute<?>[] where(final Path name, final FileAttribute<?>... permissions) {
        return name.getFileSystem().supportedFileAttributeViews().contains("posix") ? permissions : NO_MODE;
    }

    /** Opens a file, or creates it with the permissions of all files. */
    FileChannel open(final Path name, final Set<OpenOption> options) throws IOException {
        try {
            return FileChannel.open(name, options, where(name, mode));
        } catch (final FileAlreadyExistsException e) {
            throw e;
        } catch (final IOException e) {
            throw SystemFaults.explained(e, name.getParent());
        }
    }

    /**
     * Bytes of a block of the file system that a directory is in. Asked for once: Java reads the table of all that is mounted
     * for it, which is long where many containers run.
     */
    long blockSize(final Path directory) throws IOException {
        Long known = blockSizes.get(directory);
        if (known == null) {
            known = Files.getFileStore(directory).getBlockSize();
            blockSizes.put(directory, known);
        }
        return known;
    }
}
