package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file locked for an edit by one process at a time, while readers see the old or the new content, never a mixture. The
 * lock is held on a file beside it, {@code NAME.lock}, which is never removed. A kill at any moment leaves the old or the new
 * content, and at worst a temporary file.
 *
 * <p>The file keeps its owner, group and permissions, even when another user edits it, and the lock file has the same. A new
 * file belongs to the owner of its directory, and only its owner can read it.
 *
 * <p>To be used by one thread. Other threads of the process that try to lock the file meanwhile get an exception.
 */
public final class LockedFile implements AutoCloseable {

    private final Path file;
    private final FileChannel lock;

    private LockedFile(final Path file, final FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Locks a file, waiting until no other process edits it.
     *
     * @param file need not exist; if it is a symbolic link, its target is edited
     * @throws IOException if it cannot be locked
     */
    public static LockedFile open(final Path file) throws IOException {
        final Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        final Path beside = real.resolveSibling(real.getFileName() + ".lock");
        final FileChannel lock = FileChannel.open(beside, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS), Ownership.ownerOnly(beside));
        try {
            // Before locking, as a process that opens and closes a file, which this may do, loses its locks on it
            copyAccess(real, beside);
            lock.lock();
        } catch (final IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        return new LockedFile(real, lock);
    }

    /** Lets everybody who may edit the file lock it. */
    private static void copyAccess(final Path file, final Path lock) throws IOException {
        final Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        final boolean exists = Files.exists(file);
        if (exists && AtomicReplace.isPosix(file)) {
            permissions.addAll(Files.getPosixFilePermissions(file));
        }
        Ownership.changeOwner(lock, exists ? file : file.getParent(), permissions);
    }

    /**
     * Reads the content as {@link TextFile} does; empty if the file does not exist.
     *
     * @throws IOException if it cannot be read
     */
    public String read() throws IOException {
        return Files.exists(file) ? TextFile.read(file) : "";
    }

    /**
     * Replaces the content durably: writes, syncs and renames a temporary file, then syncs the directory.
     *
     * @throws IOException if it cannot be replaced; the file has its old content then
     */
    public void replace(final String text) throws IOException {
        // It can only be left over from a kill, as the lock is held
        final Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try {
            if (Files.exists(file)) {
                Ownership.copy(file, temporary);
            } else {
                Ownership.createFile(temporary);
            }
            write(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (final FileSystemException e) {
            throw isMountedByItself() ? new FileSystemException(file.toString(), null,
                    "it is mounted by itself, so it cannot be replaced: mount the directory that it lies in instead") : e;
        } finally {
            Files.deleteIfExists(temporary);
        }
        if (AtomicReplace.isPosix(file)) {
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** Writes the temporary file, also if it has the permissions of a file that its owner may not write. */
    private static void write(final Path temporary, final String text) throws IOException {
        if (Files.isWritable(temporary) || !AtomicReplace.isPosix(temporary)) {
            AtomicReplace.write(temporary, text, true);
            return;
        }
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(temporary);
        final Set<PosixFilePermission> more = EnumSet.of(PosixFilePermission.OWNER_WRITE);
        more.addAll(permissions);
        Ownership.view(temporary).setPermissions(more);
        AtomicReplace.write(temporary, text, true);
        Ownership.view(temporary).setPermissions(permissions);
    }

    /** Whether the file is a mount point, as when a single file is given to a container: it cannot be renamed over. */
    private boolean isMountedByItself() throws IOException {
        final Path mounts = Path.of("/proc/self/mounts");
        if (!Files.isReadable(mounts)) {
            return false;
        }
        // The table has raw bytes, with white space as octal escapes
        final String point = new String(file.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                .replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012");
        try (Stream<String> lines = Files.lines(mounts, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.split(" ", 3)[1].equals(point));
        }
    }

    /** Unlocks the file. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
