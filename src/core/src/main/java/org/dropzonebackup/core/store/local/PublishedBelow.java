package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;

/**
 * A file that becomes visible in a directory below that of its user, and the way back. There is no {@code linkat} in Java, but
 * {@code renameat}: a directory with the file in it is renamed, which replaces nothing; or the file is, under the lock, when
 * there is nothing to be replaced. Belongs to one thread.
 */
final class PublishedBelow extends Published {

    /** Directories that others make or remove meanwhile are looked at again. */
    private static final int MOST_ROUNDS = 100;

    private final Publication publication;
    private final FilePath path;
    private final Path name;
    private final Staging staging;
    /** How many directories were missing, the innermost. */
    private int made;

    /**
     * @param directory of the user
     */
    PublishedBelow(final Publication publication, final Path directory, final Staging staging) throws IOException {
        super((LocalStagedFile) publication.file(), directory, staging.names());
        this.publication = publication;
        this.path = publication.path();
        this.name = directory.getFileSystem().getPath(path.name().toString());
        this.staging = staging;
    }

    /**
     * Makes it visible.
     *
     * @param ours files that must not be replaced
     * @throws NameTakenException if it may not be
     * @throws StoreBusyException if others change the directories all the time
     */
    void publish(final Set<Object> ours) throws NameTakenException, IOException {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (publishWithDirectories() || publishIntoDirectory(ours)) {
                file().visible(true);
                return;
            }
        }
        throw new StoreBusyException("directories below " + directory() + " change all the time");
    }

    /** @return false if there was no need to make directories, or others have made them meanwhile */
    private boolean publishWithDirectories() throws NameTakenException, IOException {
        try (OpenPath opened = OpenPath.of(directory(), path)) {
            refuseObstacle(opened);
            if (opened.isWhole()) {
                return false;
            }
            final Path first = opened.missing().get(0);
            made = Math.max(made, opened.missing().size());
            final Optional<Path> link = link();
            final StagedDirectories directories =
                    StagedDirectories.create(opened.root(), staging, opened.missing(), link, name);
            try {
                directories.publish(opened.deepest(), first);
                return link.isPresent();
            } catch (final NoSuchFileException parentIsRemoved) {
                return false;
            } catch (final FileSystemException e) {
                // Others have made them, and may have removed them again
                if (opened.deepest().find(first).isEmpty() && isLasting(e)) {
                    throw e;
                }
                return false;
            }
        }
    }

    private boolean isLasting(final FileSystemException fault) {
        return fault instanceof AccessDeniedException || fault instanceof AtomicMoveNotSupportedException
                || SystemFaults.explained(fault, directory()) != fault;
    }

    /** @return false if there is no such directory */
    private boolean publishIntoDirectory(final Set<Object> ours) throws NameTakenException, IOException {
        try (DirectoriesLock lock = new DirectoriesLock(directory(), staging); OpenPath opened = lock.open(path)) {
            refuseObstacle(opened);
            if (!opened.isWhole()) {
                return false;
            }
            final Optional<BasicFileAttributes> there = opened.find();
            // After a crash between publication and removal of the staging name, or a rename whose answer was lost
            if (there.isEmpty() || !isSurelyOurs(there.get())) {
                if (there.isPresent()) {
                    keep(there.get(), opened.deepest(), ours);
                }
                place(opened);
            }
            return true;
        }
    }

    private void refuseObstacle(final OpenPath opened) throws NameTakenException {
        if (opened.obstacle().isPresent()) {
            throw new NameTakenException(publication, opened.reached());
        }
    }

    /** Another name in the user's directory; none on a file system without hard links. */
    private Optional<Path> link() throws IOException {
        final Path second = names().newName(directory());
        boolean linked = false;
        try {
            link(second);
            linked = true;
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (!SystemFaults.isLackOfLinks(e, directory())) {
                throw e;
            }
        } finally {
            if (!linked) {
                names().release(second);
            }
        }
        return linked ? Optional.of(second) : Optional.empty();
    }

    private void keep(final BasicFileAttributes there, final OpenDirectory parent, final Set<Object> ours)
            throws NameTakenException, IOException {
        if (!publication.replace() || !there.isRegularFile() || ours.contains(FileIdentity.of(there))) {
            throw new NameTakenException(publication, path);
        }
        // The path may lead elsewhere by now: then it is another file, and no longer kept
        keep(parent.path().resolve(name), there);
    }

    private void place(final OpenPath opened) throws IOException {
        final Optional<Path> link = link();
        try {
            opened.root().move(link.orElse(file().path()).getFileName(), opened.deepest(), name);
        } catch (final NoSuchFileException e) {
            if (opened.find().filter(this::isSurelyOurs).isEmpty()) {
                throw e;
            }
        } finally {
            link.ifPresent(names()::removeOrLeave);
            link.ifPresent(names()::release);
        }
    }

    @Override
    void bringBack() throws IOException {
        try (DirectoriesLock lock = new DirectoriesLock(directory(), staging); OpenPath opened = lock.open(path)) {
            bringBack(opened);
        } catch (final StoreFullException noRoomForTheLock) {
            // Nobody else gets it either, so nobody replaces anything here
            try (OpenPath opened = OpenPath.of(directory(), path)) {
                bringBack(opened);
            }
        }
    }

    private void bringBack(final OpenPath opened) throws IOException {
        if (opened.find().filter(this::isOurs).isPresent()) {
            final OpenDirectory parent = opened.deepest();
            if (opened.root().find(file().path().getFileName()).isEmpty()) {
                // Without hard links it was renamed
                parent.move(name, opened.root(), file().path().getFileName());
            } else if (replaced() == null) {
                parent.deleteFile(name);
            } else {
                opened.root().move(replaced().getFileName(), parent, name);
            }
        }
        opened.removeEmpty(made);
    }

    @Override
    public String toString() {
        return directory().resolve(path.toString()).toString();
    }
}
