package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;

/**
 * How a staging file becomes visible under a name, and how that is undone until it is confirmed; see the package.
 * Belongs to one request; not safe for threads.
 */
final class Publishing implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Publishing.class.getName());

    private final Path directory;
    private final Staging staging;
    private final Path staged;
    private final ReplaceLock turn;
    /** Whether the staging name stays until somebody removes it. */
    private final boolean keeping;
    private boolean hasTurn;

    /** Of the staging file; null until they are asked for, after the last byte. */
    private BasicFileAttributes attributes;
    /** Where the file is visible, or null. */
    private Path published;
    /** Where it may be visible, or null. */
    private Path attempted;
    /** A second name of the file that was replaced, or null. */
    private Path replaced;
    private boolean confirmed;

    Publishing(final Path directory, final Staging staging, final Path staged, final ReplaceLock turn, final boolean keeping) {
        this.directory = directory;
        this.staging = staging;
        this.staged = staged;
        this.turn = turn;
        this.keeping = keeping;
    }

    void publish(final FileName name, final boolean replace) throws NameTakenException, IOException {
        final Path target = directory.resolve(name.toString());
        final Object identity = FileIdentity.of(attributes());
        if (replace) {
            takeTurn();
        }
        // Whatever fails, it may have been done: on a network the answer can be lost
        attempted = target;
        try {
            if (keeping && isSurelyOurs(target)) {
                // A crash came between an earlier publication and the removal of the staging name
                LOG.log(Level.DEBUG, "{0} is published already", target);
            } else if (replace && keepReplaced(target)) {
                renameOver(target);
            } else {
                publishNew(target);
            }
        } catch (final FileAlreadyExistsException e) {
            leaveUnpublished();
            throw new NameTakenException(name.toString());
        } catch (final NameTakenException e) {
            leaveUnpublished();
            throw e;
        } catch (final AtomicMoveNotSupportedException e) {
            throw new IOException("this file system does not rename atomically: " + directory, e);
        } catch (final FileSystemException e) {
            throw SystemFaults.explained(e, directory);
        }
        published = target;
        turn.published(identity);
        if (!keeping) {
            removeOrLeave(staged);
        }
    }

    /** What cannot be removed is no reason to undo what is done. */
    private void removeOrLeave(final Path leftover) {
        try {
            staging.remove(leftover);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "a staging file is left behind, it is tried again soon to remove it", e);
        }
    }

    private void renameOver(final Path target) throws IOException {
        if (!keeping) {
            rename(staged, target);
            return;
        }
        final Path second = staging.newName(directory);
        try {
            Files.createLink(second, staged);
            rename(second, target);
        } finally {
            staging.release(second);
            staging.remove(second);
        }
    }

    /** A server whose answer is lost is asked again, and knows the old name no more. */
    private void rename(final Path from, final Path target) throws IOException {
        try {
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (final NoSuchFileException e) {
            if (!isSurelyOurs(target)) {
                throw e;
            }
        }
    }

    private void takeTurn() throws IOException {
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
            // A server whose answer is lost is asked again
            if (!isSurelyOurs(target)) {
                throw e;
            }
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (!SystemFaults.isLackOfLinks(e, directory)) {
                throw e;
            }
            renameUnlessTaken(target);
        }
    }

    /** A rename replaces without asking. Within this process it is one request's turn between question and rename. */
    private void renameUnlessTaken(final Path target) throws IOException {
        takeTurn();
        if (isThere(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        rename(staged, target);
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
        if (!attributes.isRegularFile() || turn.hasPublished(FileIdentity.of(attributes))) {
            throw new NameTakenException(target.getFileName().toString());
        }
        replaced = staging.newNameOfReplaced(directory);
        try {
            Files.createLink(replaced, target);
        } catch (final FileAlreadyExistsException e) {
            if (!isSame(attributes, replaced)) {
                throw e;
            }
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (!SystemFaults.isLackOfLinks(e, directory)) {
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

    /** Others have their turn while this request looks at what bears the name, which can take long. */
    private void leaveUnpublished() throws IOException {
        if (replaced != null) {
            staging.release(replaced);
            staging.remove(replaced);
            replaced = null;
        }
        endTurn();
    }

    private void endTurn() {
        if (hasTurn) {
            hasTurn = false;
            turn.release();
        }
    }

    private void withdraw() throws IOException {
        if (attempted != null && isOurs(attempted)) {
            if (keeping && !isThere(staged)) {
                // Without hard links it was renamed
                Files.move(attempted, staged, StandardCopyOption.ATOMIC_MOVE);
            } else if (replaced == null) {
                Files.deleteIfExists(attempted);
            } else {
                Files.move(replaced, attempted, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (replaced != null) {
            staging.release(replaced);
            staging.remove(replaced);
        }
    }

    private static boolean isThere(final Path name) throws IOException {
        try {
            LocalDirectory.attributes(name);
            return true;
        } catch (final NoSuchFileException absent) {
            return false;
        }
    }

    /** Whether a name means our file, and nothing that somebody else has put there. */
    private boolean isOurs(final Path name) throws IOException {
        return isSame(attributes(), name);
    }

    /** The same, where the file system knows files by numbers. */
    private boolean isSurelyOurs(final Path name) throws IOException {
        return attributes().fileKey() != null && isOurs(name);
    }

    private static boolean isSame(final BasicFileAttributes one, final Path name) throws IOException {
        try {
            return FileIdentity.of(one).equals(FileIdentity.of(LocalDirectory.attributes(name)));
        } catch (final NoSuchFileException removed) {
            return false;
        }
    }
}
