package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.StoredFile;

/** What bore a path, or stood in its way, when it was looked up; links are not followed. */
final class LocalStoredFile implements StoredFile {

    private static final int BUFFER = 1 << 17;

    private final Path directory;
    private final FilePath path;
    private final BasicFileAttributes attributes;
    private final boolean inTheWay;

    /**
     * @param directory of the user
     * @param inTheWay whether this is no file, as it bears the name of one of the path's directories
     */
    LocalStoredFile(final Path directory, final FilePath path, final BasicFileAttributes attributes, final boolean inTheWay) {
        this.directory = directory;
        this.path = path;
        this.attributes = attributes;
        this.inTheWay = inTheWay;
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
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
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
            return opened.find().filter(now -> Objects.equals(now.fileKey(), attributes.fileKey())
                    && now.size() == attributes.size() && now.lastModifiedTime().equals(attributes.lastModifiedTime())).isPresent();
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }
}
