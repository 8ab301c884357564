package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Creates files and directories that belong to the user who needs them, not to the one who creates them: what root makes
 * must be accessible to the server. Symbolic links that somebody else puts in the way are not followed. On file systems
 * without owners and permissions, neither is set.
 */
public final class Ownership {

    /** The mode bits for set-group-ID, owner and group. */
    private static final int NOT_FOR_OTHERS = 02770;

    private Ownership() {
    }

    /**
     * Copies a file with its owner, group, permissions, access control list and extended attributes.
     *
     * @param copy must not exist
     * @throws FileSystemException if this user may not change the owner or the group of the copy, which exists then
     * @throws IOException if it cannot be copied
     */
    static void copy(final Path file, final Path copy) throws IOException {
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        if (!AtomicReplace.isPosix(file)) {
            return;
        }
        final PosixFileAttributes wanted = view(file).readAttributes();
        final PosixFileAttributes got = view(copy).readAttributes();
        if (!got.owner().equals(wanted.owner()) || !got.group().equals(wanted.group())
                || !got.permissions().equals(wanted.permissions())) {
            throw new FileSystemException(file.toString(), null, "it belongs to user " + wanted.owner().getName() + ", group "
                    + wanted.group().getName() + ", and would not any more after a change by user " + got.owner().getName()
                    + ": make the change as user " + wanted.owner().getName() + " or as root");
        }
    }

    /**
     * Creates an empty file that only its owner can read. It belongs to the owner of the directory, if this user may change
     * the owner.
     *
     * @throws IOException if it cannot be created, or exists
     */
    static void createFile(final Path file) throws IOException {
        Files.createFile(file, ownerOnly(file));
        changeOwner(file, file.toAbsolutePath().getParent());
    }

    /** The permissions {@code rw-------} for a new file; none where files have no permissions. */
    static FileAttribute<?>[] ownerOnly(final Path file) {
        return AtomicReplace.isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    /**
     * Creates a directory and its missing parents. Each belongs to the owner of its parent, if this user may change the
     * owner.
     *
     * @throws IOException if one cannot be created
     */
    public static void createDirectories(final Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            final Path parent = directory.toAbsolutePath().getParent();
            createDirectories(parent);
            Files.createDirectory(directory);
            changeOwner(directory, parent);
        }
    }

    /**
     * Creates a directory and its missing parents. Each gets the owner, the group and their permissions from another
     * directory; others have no access.
     *
     * @param like the other directory
     * @throws IOException if one cannot be created, or its owner cannot be changed; it does not exist then
     */
    public static void createDirectories(final Path directory, final Path like) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        createDirectories(directory.toAbsolutePath().getParent(), like);
        Files.createDirectory(directory);
        if (!AtomicReplace.isPosix(directory)) {
            return;
        }
        boolean given = false;
        try {
            if (!changeOwner(directory, like)) {
                final PosixFileAttributes wanted = Files.readAttributes(like, PosixFileAttributes.class);
                throw new FileSystemException(directory.toString(), null, "user " + System.getProperty("user.name")
                        + " cannot create it for user " + wanted.owner().getName() + ", group " + wanted.group().getName());
            }
            final int mode = (Integer) Files.getAttribute(like, "unix:mode") & NOT_FOR_OTHERS;
            Files.setAttribute(directory, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
            given = true;
        } finally {
            if (!given) {
                Files.delete(directory);
            }
        }
    }

    /**
     * Changes the owner and the group of a file to those of another. Symbolic links are not followed.
     *
     * @return false if this user may not change them
     */
    static boolean changeOwner(final Path file, final Path like) throws IOException {
        return !AtomicReplace.isPosix(file) || changeOwner(file, like, view(file).readAttributes().permissions());
    }

    /** Changes owner, group and permissions. Sets only what differs, as not every file system can set each of them. */
    static boolean changeOwner(final Path file, final Path like, final Set<PosixFilePermission> permissions) throws IOException {
        if (!AtomicReplace.isPosix(file)) {
            return true;
        }
        final PosixFileAttributes wanted = Files.readAttributes(like, PosixFileAttributes.class);
        final PosixFileAttributeView view = view(file);
        try {
            if (!view.readAttributes().owner().equals(wanted.owner())) {
                view.setOwner(wanted.owner());
            }
            if (!view.readAttributes().group().equals(wanted.group())) {
                view.setGroup(wanted.group());
            }
            if (!view.readAttributes().permissions().equals(permissions)) {
                view.setPermissions(permissions);
            }
            return true;
        } catch (final FileSystemException notPermitted) {
            return false;
        }
    }

    static PosixFileAttributeView view(final Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
