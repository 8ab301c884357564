package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.StagedUpload;
import org.dropzonebackup.core.store.StoreFullException;

/** A staging file; see the package for how it is named and published. */
final class LocalStagedUpload implements StagedUpload {

    private static final System.Logger LOG = System.getLogger(LocalStagedUpload.class.getName());

    private final Path directory;
    private final Staging staging;
    private final Path staged;
    private final Turn turn;
    private final FileChannel channel;
    private final WriteBack writeBack;
    private boolean sealed;
    private boolean hasTurn;

    /** What the file system knows the file by; null where it has nothing of the kind. */
    private Object key;
    /** Where the file is visible, or null. */
    private Path published;
    /** A second name of the file that was replaced, or null. */
    private Path replaced;
    private boolean confirmed;

    LocalStagedUpload(final Path directory, final Staging staging, final Turn turn) throws IOException {
        this.directory = directory;
        this.staging = staging;
        this.turn = turn;
        this.staged = staging.newName(directory);
        try {
            this.channel = staging.create(staged);
            this.writeBack = staging.writeBackOf(channel);
        } catch (final IOException e) {
            staging.release(staged);
            throw e;
        }
    }

    @Override
    public void write(final ByteBuffer bytes) throws IOException {
        final int count = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (final IOException e) {
            throw Staging.explained(e, directory);
        }
        writeBack.written(count);
    }

    @Override
    public void seal() {
        if (!sealed) {
            sealed = true;
            writeBack.close();
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            writeBack.await();
            if (sealed) {
                syncAgainOpened();
            } else {
                staging.sync(channel);
                seal();
                writeBack.await();
            }
        } catch (final IOException e) {
            throw Staging.explained(e, directory);
        }
    }

    /** Syncing through another descriptor writes the same file, and tells of failures that nobody was told of. */
    private void syncAgainOpened() throws IOException {
        try (FileChannel again = FileChannel.open(staged, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            staging.sync(again);
        }
    }

    @Override
    public void publish(final FileName name, final boolean replace) throws NameTakenException, IOException {
        final Path target = directory.resolve(name.toString());
        key = LocalDirectory.attributes(staged).fileKey();
        if (replace) {
            takeTurn();
        }
        try {
            if (replace && keepReplaced(target)) {
                Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
            } else {
                publishNew(target);
            }
        } catch (final FileAlreadyExistsException e) {
            throw new NameTakenException(name.toString());
        } catch (final AtomicMoveNotSupportedException e) {
            throw new IOException("this file system does not rename atomically: " + directory, e);
        } catch (final FileSystemException e) {
            throw Staging.explained(e, directory);
        }
        published = target;
        turn.published(key);
        Files.deleteIfExists(staged);
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
            if (e instanceof FileSystemException fault && Staging.explained(fault, directory) instanceof StoreFullException full) {
                throw full;
            }
            LOG.log(Level.WARNING, "a file cannot be replaced, since there can be no second hard link to it: {0}", e.getMessage());
            throw new NameTakenException(target.getFileName().toString());
        }
        return true;
    }

    @Override
    public Instant storedAt() throws IOException {
        return LocalDirectory.attributes(published == null ? staged : published).lastModifiedTime().toInstant();
    }

    @Override
    public void confirm() throws IOException {
        confirmed = true;
        try {
            removeReplaced();
        } finally {
            endTurn();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            seal();
            if (!confirmed) {
                withdraw();
            }
        } finally {
            endTurn();
            try {
                Files.deleteIfExists(staged);
            } finally {
                staging.release(staged);
            }
        }
    }

    private void endTurn() {
        if (hasTurn) {
            hasTurn = false;
            turn.release();
        }
    }

    private void withdraw() throws IOException {
        if (published != null && bearsOurFile()) {
            if (replaced == null) {
                Files.deleteIfExists(published);
            } else {
                Files.move(replaced, published, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        removeReplaced();
    }

    /** Whether nobody has put anything else under the name since. */
    private boolean bearsOurFile() throws IOException {
        try {
            return Objects.equals(key, LocalDirectory.attributes(published).fileKey());
        } catch (final NoSuchFileException removed) {
            return false;
        }
    }

    private void removeReplaced() throws IOException {
        if (replaced != null) {
            Files.deleteIfExists(replaced);
            staging.release(replaced);
        }
    }
}
