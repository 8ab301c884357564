package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;

/**
 * The directories below that of a user. Symbolic links are not followed: each name of a path is looked at. Whoever may put
 * links into a user's directory between that look and the use of the path might as well put files where they lead to.
 */
final class SubDirectories {

    private static final FileAttribute<?>[] MODE = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"))};

    private final Path root;
    private final Durability durability;

    SubDirectories(final Path root, final Durability durability) {
        this.root = root;
        this.durability = durability;
    }

    /** What bears a path, or stands in its way. */
    record Found(Path path, BasicFileAttributes attributes, boolean inTheWay) {
    }

    /** Looks for a path of several names. */
    Optional<Found> find(final FilePath path) throws IOException {
        Path found = root;
        final Iterator<FileName> names = path.names().iterator();
        while (names.hasNext()) {
            found = found.resolve(names.next().toString());
            final BasicFileAttributes attributes;
            try {
                attributes = LocalDirectory.attributes(found);
            } catch (final NoSuchFileException absent) {
                return Optional.empty();
            }
            if (!names.hasNext() || !attributes.isDirectory()) {
                return Optional.of(new Found(found, attributes, names.hasNext()));
            }
        }
        throw new IllegalArgumentException("a path has at least one name");
    }

    /**
     * The directory that a path's last name lies in, created durably if it is missing.
     *
     * @throws FileAlreadyExistsException if anything else is in the way
     */
    Path create(final FilePath path) throws IOException {
        Path parent = root;
        for (final FileName name : path.directories()) {
            final Path child = parent.resolve(name.toString());
            if (!isDirectory(child)) {
                create(child, parent);
            }
            parent = child;
        }
        return parent;
    }

    private void create(final Path child, final Path parent) throws IOException {
        try {
            Files.createDirectory(child, child.getFileSystem().supportedFileAttributeViews().contains("posix") ? MODE
                    : new FileAttribute<?>[0]);
        } catch (final FileAlreadyExistsException e) {
            // Perhaps another request was faster
            if (!isDirectory(child)) {
                throw e;
            }
        }
        durability.syncAlone(parent);
    }

    /** @return false if nothing is there */
    private static boolean isDirectory(final Path path) throws IOException {
        try {
            if (!LocalDirectory.attributes(path).isDirectory()) {
                throw new FileAlreadyExistsException(path.toString());
            }
            return true;
        } catch (final NoSuchFileException absent) {
            return false;
        }
    }
}
