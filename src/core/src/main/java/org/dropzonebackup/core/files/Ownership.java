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
 * Makes files and directories that belong to those who need them, whoever makes them: root must not lock a server out of
 * its own. What is made by a name is never reached through a link that somebody else put there meanwhile. Where files have
 * neither owner nor permissions, nothing is done about them.
 */
public final class Ownership {

    /** Set-group-ID, and what owner and group may. */
    private static final int NOT_FOR_OTHERS = 02770;

    private Ownership() {
    }

    /**
     * Makes a copy with the same owner, group, permissions, access control list and extended attributes.
     *
     * @param copy must not exist
     * @throws FileSystemException if this user cannot give the copy to the owner and the group of the file; the copy is
     *         there then
     * @throws IOException if it cannot be made
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
                    + wanted.group().getName() + ", and could not any more after a change by user " + got.owner().getName()
                    + ": make the change as user " + wanted.owner().getName() + " or as root");
        }
    }

    /**
     * Makes an empty file that only its owner can read: the owner of the directory, if this user may give it to him.
     *
     * @throws IOException if it cannot be made, or is there already
     */
    static void createFile(final Path file) throws IOException {
        Files.createFile(file, ownerOnly(file));
        give(file, file.toAbsolutePath().getParent());
    }

    /** The permissions of a new file that only its owner can read, where files have any. */
    static FileAttribute<?>[] ownerOnly(final Path file) {
        return AtomicReplace.isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    /**
     * Makes a directory, and those above it that are missing. Each belongs to the owner of the one that it lies in, if this
     * user may give it to him.
     *
     * @throws IOException if one cannot be made
     */
    public static void createDirectories(final Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            final Path parent = directory.toAbsolutePath().getParent();
            createDirectories(parent);
            Files.createDirectory(directory);
            give(directory, parent);
        }
    }

    /**
     * Makes a directory, and those above it that are missing. Each belongs to the owner and the group of another one, who
     * may do there what they may in that; nobody else may do anything.
     *
     * @param like the other directory
     * @throws IOException if one cannot be made, or not given away; that one is not there then
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
            given = give(directory, like);
            if (given) {
                final int mode = (Integer) Files.getAttribute(like, "unix:mode") & NOT_FOR_OTHERS;
                Files.setAttribute(directory, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
            }
        } finally {
            if (!given) {
                Files.delete(directory);
            }
        }
        if (!given) {
            final PosixFileAttributes wanted = Files.readAttributes(like, PosixFileAttributes.class);
            throw new FileSystemException(directory.toString(), null, "user " + System.getProperty("user.name")
                    + " cannot make it for user " + wanted.owner().getName() + ", group " + wanted.group().getName());
        }
    }

    /**
     * Gives a file to the owner and the group of another, links not followed.
     *
     * @return whether they are the same now; they need not be where this user may not give anything away
     */
    static boolean give(final Path file, final Path like) throws IOException {
        return !AtomicReplace.isPosix(file) || give(file, like, view(file).readAttributes().permissions());
    }

    /** The same, with permissions; nothing that is so already is set, as not all file systems can. */
    static boolean give(final Path file, final Path like, final Set<PosixFilePermission> permissions) throws IOException {
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
