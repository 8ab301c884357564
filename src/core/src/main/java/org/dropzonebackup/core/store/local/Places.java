package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.StoreBusyException;

/**
 * Where the directories of a store lie. Each is looked at again each time, as it may be moved, or the file system be lost that
 * it lies in. What a lost file system leaves visible in its place is used by nobody, and nothing is created there: uploads are
 * refused until it is back. Safe for threads.
 */
final class Places {

    private final Path base;
    /** None if there was none: there is nothing to compare with then. */
    private final Optional<Place> baseAtStart;
    private final boolean createMissing;
    private final Durability durability;
    /** By their names; as many as there are users, or have been. */
    private final ConcurrentMap<Path, Place> known = new ConcurrentHashMap<>();

    /**
     * @param base below which relative directories lie; never created
     * @param createMissing whether directories below it are created where they are missing
     */
    Places(final Path base, final boolean createMissing, final Durability durability) {
        this.base = base.toAbsolutePath();
        this.createMissing = createMissing;
        this.durability = durability;
        this.baseAtStart = atStart(this.base);
    }

    private static Optional<Place> atStart(final Path base) {
        try {
            return Optional.of(Place.of(base, FileIdentity.of(Files.readAttributes(base, BasicFileAttributes.class))));
        } catch (final IOException notThere) {
            return Optional.empty();
        }
    }

    /**
     * A directory that files can be put into, created if that is allowed.
     *
     * @param directory as the users file writes it
     * @throws DirectoryUnusableException if it is missing, no directory, or cannot be written
     * @throws StoreBusyException if its file system is not there now
     */
    Place writable(final String directory) throws IOException {
        final Path path = resolve(directory);
        refuseOtherBase(path);
        if (createMissing && isBelowBase(path) && look(path).isEmpty()) {
            refuseLost(path);
            create(path);
            refuseOtherBase(path);
        }
        final Place place = find(path);
        try {
            path.getFileSystem().provider().checkAccess(path, AccessMode.WRITE);
        } catch (final IOException e) {
            throw unusable(path, e);
        }
        return place;
    }

    /**
     * A directory that is there.
     *
     * @param directory as the users file writes it
     * @throws DirectoryUnusableException if it is missing, or no directory
     * @throws StoreBusyException if its file system is not there now
     */
    Place existing(final String directory) throws IOException {
        final Path path = resolve(directory);
        refuseOtherBase(path);
        return find(path);
    }

    /** Where the server keeps what it needs itself: nothing in it is a file of a user. */
    Path memory() {
        return baseAtStart.map(Place::path).orElse(base).resolve(OwnDirectories.MEMORY);
    }

    /** Whether a directory is on the device of the base directory. */
    boolean isBesideBase(final Place place) {
        return baseAtStart.filter(start -> start.volume().equals(place.volume())).isPresent();
    }

    private Path resolve(final String directory) throws DirectoryUnusableException {
        try {
            return base.resolve(directory);
        } catch (final InvalidPathException e) {
            throw new DirectoryUnusableException("no path below " + base + " can be made of the directory in the users file ("
                    + e.getReason() + "): is Java started with LC_ALL=C.UTF-8?");
        }
    }

    private boolean isBelowBase(final Path path) {
        return path.normalize().startsWith(base.normalize());
    }

    private void refuseOtherBase(final Path path) throws IOException {
        if (baseAtStart.isEmpty() || !isBelowBase(path)) {
            return;
        }
        final Optional<BasicFileAttributes> now = look(base);
        if (now.isEmpty()) {
            throw new StoreBusyException("the base directory " + base + " is missing: is its file system mounted?");
        }
        if (!isBase(FileIdentity.of(now.get()))) {
            throw new StoreBusyException("the base directory " + base + " is not the one that was there when the server was started:"
                    + " is its file system mounted? If this one is right, start the server again");
        }
    }

    private boolean isBase(final Object identity) throws IOException {
        final Place start = baseAtStart.orElseThrow();
        return start.identity().equals(identity)
                || start.volume().renumbers() && start.volume().equals(Place.of(base, identity).volume());
    }

    private Place find(final Path path) throws IOException {
        final Optional<BasicFileAttributes> there = look(path);
        if (there.isEmpty()) {
            refuseLost(path);
            throw new DirectoryUnusableException(path + " is not a directory: it is missing");
        }
        if (!there.get().isDirectory()) {
            throw new DirectoryUnusableException(path + " is not a directory");
        }
        final Place before = known.get(path);
        final Object identity = FileIdentity.of(there.get());
        if (before != null && before.identity().equals(identity) && before.isStillThere()) {
            return before;
        }
        final Place place = Place.of(path, identity);
        if (before != null && before.path().equals(place.path()) && !before.volume().equals(place.volume())) {
            throw new StoreBusyException(path + " lies in another file system than before: is its own mounted?"
                    + " If this one is right, start the server again");
        }
        known.put(path, place);
        return place;
    }

    /** What is missing together with its file system was not removed. */
    private void refuseLost(final Path path) throws IOException {
        final Place before = known.get(path);
        if (before == null) {
            return;
        }
        Path above = path.toAbsolutePath().getParent();
        while (look(above).isEmpty()) {
            above = above.getParent();
        }
        if (!before.volume().equals(Place.of(above, above).volume())) {
            throw new StoreBusyException(path + " is missing: is its file system mounted?");
        }
    }

    /** Follows links. */
    private static Optional<BasicFileAttributes> look(final Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class));
        } catch (final NoSuchFileException missing) {
            return Optional.empty();
        } catch (final IOException e) {
            throw unusable(path, e);
        }
    }

    /** The entries of new directories are made durable too, else the files in them would not be. */
    private void create(final Path path) throws IOException {
        Path created = base;
        for (final Path name : base.relativize(path)) {
            final Path parent = created;
            created = parent.resolve(name);
            if (look(created).isEmpty()) {
                create(created, parent);
            }
        }
    }

    private void create(final Path directory, final Path parent) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (final FileAlreadyExistsException e) {
            if (look(directory).isEmpty()) {
                throw new DirectoryUnusableException(directory + " is a link that leads nowhere");
            }
        } catch (final IOException e) {
            throw unusable(directory, e);
        }
        durability.syncAlone(parent);
    }

    private static IOException unusable(final Path path, final IOException fault) {
        final IOException explained = SystemFaults.explained(fault, path);
        return explained instanceof StoreBusyException ? explained : new DirectoryUnusableException(FileFault.describe(fault));
    }
}
