package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.StoredFile;

/** What bore a path, or stood in its way, when it was looked up; links are not followed. */
final class LocalStoredFile implements StoredFile {

    private static final int BUFFER = 1 << 17;

    private final Path directory;
    private final FilePath path;
    private final BasicFileAttributes attributes;
    private final boolean inTheWay;
    private final Staging staging;

    /**
     * @param directory of the user
     * @param inTheWay whether this is no file, as it bears the name of one of the path's directories
     */
    LocalStoredFile(final Path directory, final FilePath path, final BasicFileAttributes attributes, final boolean inTheWay,
            final Staging staging) {
        this.directory = directory;
        this.path = path;
        this.attributes = attributes;
        this.inTheWay = inTheWay;
        this.staging = staging;
    }

    @Override
    public boolean isFile() {
        return attributes.isRegularFile() && !inTheWay;
    }

    @Override
    public long size() {
        return attributes.size();
    }

    @Override
    public Instant storedAt() {
        return attributes.lastModifiedTime().toInstant();
    }

    @Override
    public long digest(final List<MessageDigest> digests, final long from, final long most) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, most));
        long read = 0;
        try (OpenPath opened = OpenPath.of(directory, path); SeekableByteChannel channel = opened.read()) {
            channel.position(from);
            while (read < most && channel.read(buffer.clear().limit((int) Math.min(BUFFER, most - read))) >= 0) {
                buffer.flip();
                read += buffer.remaining();
                digests.forEach(digest -> digest.update(buffer.duplicate()));
            }
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
        return read;
    }

    @Override
    public boolean isUnchanged() throws IOException {
        try (OpenPath opened = OpenPath.of(directory, path)) {
            return opened.find().filter(this::isThis).isPresent();
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }

    /** Whether what was found is this very file, as it was. */
    private boolean isThis(final BasicFileAttributes now) {
        return Objects.equals(now.fileKey(), attributes.fileKey()) && now.size() == attributes.size()
                && now.lastModifiedTime().equals(attributes.lastModifiedTime());
    }

    @Override
    public boolean remove() throws IOException {
        final ReentrantLock replacing = staging.replaceLock(directory);
        replacing.lock();
        try (DirectoriesLock lock = new DirectoriesLock(directory, staging); OpenPath opened = lock.open(path)) {
            if (!isFile() || opened.find().filter(this::isThis).isEmpty() || !removeFrom(opened)) {
                return false;
            }
            opened.removeEmpty(path.directories().size());
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        } finally {
            replacing.unlock();
        }
        try (OpenPath left = OpenPath.of(directory, path)) {
            left.sync(staging.durability());
        }
        staging.durability().syncTogether(directory);
        return true;
    }

    /** Takes what bears the name aside first, and looks what that is: another server may replace the file at any moment. */
    private boolean removeFrom(final OpenPath opened) throws IOException {
        final StagingNames names = staging.names();
        final Path name = directory.getFileSystem().getPath(path.name().toString());
        final Path aside = names.newName(directory);
        try {
            opened.deepest().move(name, opened.root(), aside.getFileName());
            if (opened.root().find(aside.getFileName()).filter(this::isThis).isPresent()) {
                names.removeOrLeave(aside);
                return true;
            }
            if (opened.find().isPresent()) {
                throw new FileAlreadyExistsException(aside.toString(), path.toString(), "others replace it all the time");
            }
            opened.root().move(aside.getFileName(), opened.deepest(), name);
            return false;
        } catch (final NoSuchFileException removedMeanwhile) {
            return false;
        } finally {
            names.release(aside);
        }
    }
}
