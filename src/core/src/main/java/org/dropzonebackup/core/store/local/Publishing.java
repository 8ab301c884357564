package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.StoreFullException;

/**
 * How a staging file becomes visible under a name, and how that is undone until it is confirmed; see the package.
 * Belongs to one request; not safe for threads.
 */
final class Publishing implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Publishing.class.getName());

    private final Path directory;
    private final Staging staging;
    private final Path staged;
    private final Turn turn;
    /** Whether the staging name stays until somebody removes it. */
    private final boolean keeping;
    private boolean hasTurn;

    /** Of the staging file; null until they are asked for, after the last byte. */
    private BasicFileAttributes attributes;
    /** Where the file is visible, or null. */
    private Path published;
    /** A second name of the file that was replaced, or null. */
    private Path replaced;
    private boolean confirmed;

    Publishing(final Path directory, final Staging staging, final Path staged, final Turn turn, final boolean keeping) {
        this.directory = directory;
        this.staging = staging;
        this.staged = staged;
        this.turn = turn;
        this.keeping = keeping;
    }

    void publish(final FileName name, final boolean replace) throws NameTakenException, IOException {
        final Path target = directory.resolve(name.toString());
        final Object key = attributes().fileKey();
        if (replace) {
            takeTurn();
        }
        try {
            if (keeping && key != null && isOurs(target)) {
                // A crash came between an earlier publication and the removal of the staging name
                published = target;
            } else if (replace && keepReplaced(target)) {
                renameOver(target);
            } else {
                publishNew(target);
            }
        } catch (final FileAlreadyExistsException e) {
            throw new NameTakenException(name.toString());
        } catch (final AtomicMoveNotSupportedException e) {
            throw new IOException("this file system does not rename atomically: " + directory, e);
        } catch (final FileSystemException e) {
            throw SystemFaults.explained(e, directory);
        }
        published = target;
        turn.published(key);
        if (!keeping) {
            removeOrLeave(staged);
        }
    }

    /** What cannot be removed is no reason to undo what is done: the sweeper takes it. */
    private static void removeOrLeave(final Path leftover) {
        try {
            Files.deleteIfExists(leftover);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "a staging file is left behind, the next sweep will take it", e);
        }
    }

    private void renameOver(final Path target) throws IOException {
        if (!keeping) {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        final Path second = staging.newName(directory);
        try {
            Files.createLink(second, staged);
            Files.move(second, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(second);
            staging.release(second);
        }
    }

    private void takeTurn() {
        if (!hasTurn) {
            turn.take();
            hasTurn = true;
        }
    }

    private void publishNew(final Path target) throws IOException {
        try {
            // link(2) refuses an existing name, whatever it is: a link, a directory, a file of a parallel upload
            Files.createLink(target, staged);
        } catch (final FileAlreadyExistsException e) {
            throw e;
        } catch (final FileSystemException | UnsupportedOperationException noHardLinks) {
            // A rename replaces without asking. Within this process it is one request's turn between question and rename
            takeTurn();
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /**
     * Gives the file that is to be replaced a second name, by which it can be put back.
     *
     * @return false if there is nothing to replace
     * @throws NameTakenException if what is there is no file, or a file that cannot be put back
     */
    private boolean keepReplaced(final Path target) throws NameTakenException, IOException {
        final BasicFileAttributes attributes;
        try {
            attributes = LocalDirectory.attributes(target);
        } catch (final NoSuchFileException nothingThere) {
            return false;
        }
        if (!attributes.isRegularFile() || turn.hasPublished(attributes.fileKey())) {
            throw new NameTakenException(target.getFileName().toString());
        }
        replaced = staging.newName(directory);
        try {
            Files.createLink(replaced, target);
        } catch (final NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (e instanceof FileSystemException fault && SystemFaults.explained(fault, directory) instanceof StoreFullException full) {
                throw full;
            }
            if (SystemFaults.isOfTheDevice(e)) {
                throw e;
            }
            LOG.log(Level.WARNING, "a file cannot be replaced, since there can be no second hard link to it: {0}", e.getMessage());
            throw new NameTakenException(target.getFileName().toString());
        }
        return true;
    }

    /** Whether there is nothing left to do about the staging name. */
    boolean isThrough() {
        return published != null && !keeping;
    }

    Instant storedAt() throws IOException {
        return attributes().lastModifiedTime().toInstant();
    }

    private BasicFileAttributes attributes() throws IOException {
        if (attributes == null) {
            attributes = LocalDirectory.attributes(staged);
        }
        return attributes;
    }

    void confirm() {
        confirmed = true;
        if (replaced != null) {
            removeOrLeave(replaced);
            staging.release(replaced);
        }
        endTurn();
    }

    /** Undoes what was not confirmed. */
    @Override
    public void close() throws IOException {
        try {
            if (!confirmed) {
                withdraw();
            }
        } finally {
            endTurn();
        }
    }

    private void endTurn() {
        if (hasTurn) {
            hasTurn = false;
            turn.release();
        }
    }

    private void withdraw() throws IOException {
        if (published != null && isOurs(published)) {
            if (keeping && Files.notExists(staged, LinkOption.NOFOLLOW_LINKS)) {
                // Without hard links it was renamed
                Files.move(published, staged, StandardCopyOption.ATOMIC_MOVE);
            } else if (replaced == null) {
                Files.deleteIfExists(published);
            } else {
                Files.move(replaced, published, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (replaced != null) {
            Files.deleteIfExists(replaced);
            staging.release(replaced);
        }
    }

    /** Whether a name means our file, and nothing that somebody else has put there. */
    private boolean isOurs(final Path name) throws IOException {
        try {
            return Objects.equals(attributes().fileKey(), LocalDirectory.attributes(name).fileKey());
        } catch (final NoSuchFileException removed) {
            return false;
        }
    }
}
