package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.StagedUpload;

/** A staging file; see the package for how it is named and published. */
final class LocalStagedUpload implements StagedUpload {

    private final Path directory;
    private final Staging staging;
    private final Path staged;
    private FileChannel channel;

    /** Where the file is visible, or null. */
    private Path published;
    /** A second name of the file that was replaced, or null. */
    private Path replaced;
    private boolean confirmed;

    LocalStagedUpload(final Path directory, final Staging staging) throws IOException {
        this.directory = directory;
        this.staging = staging;
        this.staged = staging.newName(directory);
        try {
            this.channel = staging.create(staged);
        } catch (final IOException e) {
            staging.release(staged);
            throw e;
        }
    }

    @Override
    public void write(final ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (final IOException e) {
            throw staging.full(e, staged);
        }
    }

    @Override
    public void seal() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    @Override
    public void sync() throws IOException {
        if (channel == null) {
            // Syncing through another descriptor writes the same file: write-back errors are kept per inode
            channel = FileChannel.open(staged, StandardOpenOption.WRITE);
        }
        try {
            staging.sync(channel);
        } catch (final IOException e) {
            throw staging.full(e, staged);
        }
        seal();
    }

    @Override
    public void publish(final FileName name, final boolean replace) throws NameTakenException, IOException {
        final Path target = directory.resolve(name.toString());
        try {
            if (replace && keepReplaced(target)) {
                Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
                published = target;
            } else {
                // link(2) refuses an existing name, whatever it is: a link, a directory, a file of a parallel upload
                Files.createLink(target, staged);
                published = target;
                Files.delete(staged);
            }
        } catch (final FileAlreadyExistsException e) {
            throw new NameTakenException(name.toString());
        } catch (final AtomicMoveNotSupportedException e) {
            throw new IOException("this file system does not rename atomically: " + directory, e);
        }
    }

    /**
     * Gives the file that is to be replaced a second name.
     *
     * @return false if there is nothing to replace
     * @throws NameTakenException if what is there is no file
     */
    private boolean keepReplaced(final Path target) throws NameTakenException, IOException {
        final BasicFileAttributes attributes;
        try {
            attributes = LocalDirectory.attributes(target);
        } catch (final NoSuchFileException nothingThere) {
            return false;
        }
        if (!attributes.isRegularFile()) {
            throw new NameTakenException(target.getFileName().toString());
        }
        replaced = staging.newName(directory);
        Files.createLink(replaced, target);
        return true;
    }

    @Override
    public Instant storedAt() throws IOException {
        return LocalDirectory.attributes(published == null ? staged : published).lastModifiedTime().toInstant();
    }

    @Override
    public void confirm() throws IOException {
        confirmed = true;
        removeReplaced();
    }

    @Override
    public void close() throws IOException {
        try {
            seal();
            if (!confirmed) {
                withdraw();
            }
        } finally {
            Files.deleteIfExists(staged);
            staging.release(staged);
        }
    }

    private void withdraw() throws IOException {
        if (replaced != null && published != null) {
            Files.move(replaced, published, StandardCopyOption.ATOMIC_MOVE);
            staging.release(replaced);
        } else if (published != null) {
            Files.deleteIfExists(published);
        }
        removeReplaced();
    }

    private void removeReplaced() throws IOException {
        if (replaced != null) {
            Files.deleteIfExists(replaced);
            staging.release(replaced);
        }
    }
}
