package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory.Recording;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.threads.Action;

/** One call that makes staged files visible, all or none; see the package. Belongs to one thread. */
final class Publishing {

    private final Path directory;
    private final Staging staging;
    private final boolean apart;
    private final ReentrantLock lock;
    /** Those that are visible, or may be; the last one first. */
    private final Deque<Published> names = new ArrayDeque<>();
    /**
     * Of the files that are visible. On a file system that takes two names for one, such as one that ignores case, a second file
     * of the request would replace the first.
     */
    private final Set<Object> identities = new HashSet<>();
    /** One for each directory with new names. */
    private final Map<List<FileName>, FilePath> changed = new LinkedHashMap<>();

    /**
     * @param apart whether the directory is on another device than what remembers its files: if that one does not answer, it
     *        holds up nobody else
     */
    Publishing(final Path directory, final Staging staging, final boolean apart) {
        this.directory = directory;
        this.staging = staging;
        this.apart = apart;
        this.lock = staging.replaceLock(directory);
    }

    /**
     * Publishes all.
     *
     * @param recording is run before the names go that are needed to withdraw them
     * @throws NameTakenException if a path is taken; none is visible
     * @throws IOException if the file system fails; none is visible, unless the exception says so
     */
    void publish(final List<Publication> publications, final Recording recording) throws NameTakenException, IOException {
        if (publications.stream().anyMatch(Publication::replace)) {
            lock.lock();
        }
        try {
            makeVisible(publications, recording);
            // Now it is done: what would be needed to undo it goes
            names.forEach(Published::finish);
        } finally {
            if (lock.isHeldByCurrentThread()) {
                lock.unlock();
            }
        }
    }

    private void makeVisible(final List<Publication> publications, final Recording recording)
            throws NameTakenException, IOException {
        try {
            for (final Publication publication : publications) {
                publish(publication);
            }
            syncBelow();
            recording.record(names());
        } catch (final NameTakenException | IOException | RuntimeException | Error e) {
            withdraw(e);
            throw e;
        }
    }

    /** Also directories that were there: who made them may not have synced them yet. */
    private void syncBelow() throws IOException {
        changed.remove(List.of());
        for (final FilePath path : changed.values()) {
            try (OpenPath opened = OpenPath.of(directory, path)) {
                if (!opened.isWhole()) {
                    throw new IOException("the directories of " + path + " are not in " + directory + " any more");
                }
                opened.sync(staging.durability());
            } catch (final IOException e) {
                throw SystemFaults.explained(e, directory);
            }
        }
    }

    private Action names() throws IOException {
        final Action names = staging.durability().together(directory);
        if (apart) {
            names.run();
        }
        return apart ? Action.NOTHING : names;
    }

    private void publish(final Publication publication) throws NameTakenException, IOException {
        try {
            changed.putIfAbsent(publication.path().directories(), publication.path());
            if (publication.path().directories().isEmpty()) {
                publishHere(publication);
            } else {
                final PublishedBelow below = new PublishedBelow(publication, directory, staging);
                names.push(below);
                below.publish(identities);
            }
            identities.add(names.peek().identity());
        } catch (final FileAlreadyExistsException e) {
            throw new NameTakenException(publication, publication.path());
        } catch (final AtomicMoveNotSupportedException e) {
            throw new IOException("this file system does not rename atomically: " + directory, e);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }

    private void publishHere(final Publication publication) throws IOException {
        final PublishedName name = new PublishedName((LocalStagedFile) publication.file(),
                directory.resolve(publication.path().toString()), directory, staging.names());
        // Whatever fails from here, it may have been done: on a network the answer can be lost
        names.push(name);
        if (!(publication.replace() && name.replace(identities)) && !link(name, publication.replace())) {
            lockForRename();
            name.renameUnlessTaken();
        }
    }

    /** Who may replace a file may also replace the one that another server has put there since it looked. */
    private boolean link(final PublishedName name, final boolean replace) throws IOException {
        try {
            return name.link();
        } catch (final FileAlreadyExistsException e) {
            if (replace && name.replace(identities)) {
                return true;
            }
            throw e;
        }
    }

    /** A rename replaces without asking: between question and rename nobody else of this process publishes here so. */
    private void lockForRename() {
        if (!lock.isHeldByCurrentThread()) {
            lock.lock();
        }
    }

    /** Withdraws all, and fails only when all were tried. */
    private void withdraw(final Throwable reason) throws IOException {
        IOException failure = null;
        for (final Published name : names) {
            try {
                name.withdraw();
            } catch (final IOException | RuntimeException e) {
                if (failure == null) {
                    failure = new IOException("a file may be visible though its upload has failed: " + name, e);
                    failure.addSuppressed(reason);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
