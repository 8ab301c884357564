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
 * A file that several processes edit: one at a time, each on what the one before left, and readers see the old or the
 * new content, never half of one. The lock is that of a file beside it, {@code NAME.lock}, which stays. A kill at any
 * moment leaves the old or the new content, and at worst a temporary file.
 *
 * <p>Owner, group and permissions of the file stay as they are, whoever edits it, and the lock has the same. A file that
 * is new belongs to the owner of its directory, who alone can read it.
 *
 * <p>Held by one thread until closed; other threads of the process that try meanwhile get an exception.
 */
public final class LockedFile implements AutoCloseable {

    private final Path file;
    private final FileChannel lock;

    private LockedFile(final Path file, final FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Waits until no other process edits the file.
     *
     * @param file need not exist; if it is a symbolic link, what it points to is edited
     * @throws IOException if it cannot be locked; nothing is held then
     */
    public static LockedFile open(final Path file) throws IOException {
        final Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        final Path beside = real.resolveSibling(real.getFileName() + ".lock");
        final FileChannel lock = FileChannel.open(beside, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS), Ownership.ownerOnly(beside));
        try {
            // Before it is locked: whoever opens and closes a file, as this may, loses the lock that he has on it
            follow(real, beside);
            lock.lock();
        } catch (final IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        return new LockedFile(real, lock);
    }

    /** So that whoever may edit the file may lock it. */
    private static void follow(final Path file, final Path lock) throws IOException {
        final Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        final boolean exists = Files.exists(file);
        if (exists && AtomicReplace.isPosix(file)) {
            permissions.addAll(Files.getPosixFilePermissions(file));
        }
        Ownership.give(lock, exists ? file : file.getParent(), permissions);
    }

    /**
     * The content now, as {@link TextFile} reads it; empty if there is no file.
     *
     * @throws IOException if it cannot be read
     */
    public String read() throws IOException {
        return Files.exists(file) ? TextFile.read(file) : "";
    }

    /**
     * Replaces the content durably: a temporary file is written, synced and renamed, then the directory is synced.
     *
     * @throws IOException if it cannot be replaced; the old content is there then
     */
    public void replace(final String text) throws IOException {
        // Nobody else has it, since the lock is held: what a kill left there goes
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

    /** Also if its permissions are those of a file that its owner is not to write. */
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

    /** As one is that is given to a container: only what it lies in can have another file of its name. */
    private boolean isMountedByItself() throws IOException {
        final Path mounts = Path.of("/proc/self/mounts");
        if (!Files.isReadable(mounts)) {
            return false;
        }
        // In bytes, blanks as digits
        final String point = new String(file.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                .replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012");
        try (Stream<String> lines = Files.lines(mounts, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.split(" ", 3)[1].equals(point));
        }
    }

    /** Lets the next one in. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
