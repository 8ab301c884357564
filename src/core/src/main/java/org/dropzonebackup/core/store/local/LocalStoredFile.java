package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.store.FileFacts;
import org.dropzonebackup.core.store.StoredFile;

/** What bore a path, or stood in its way, when it was looked up; links are not followed. */
final class LocalStoredFile implements StoredFile {

    private static final int BUFFER = 1 << 17;

    private final Path file;
    private final BasicFileAttributes attributes;
    private final boolean inTheWay;

    LocalStoredFile(final SubDirectories.Found found) {
        this.file = found.path();
        this.attributes = found.attributes();
        this.inTheWay = found.inTheWay();
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
    public Optional<FileFacts> facts() throws IOException {
        return isFile() ? FactsAttribute.read(file, attributes) : Optional.empty();
    }

    @Override
    public long digest(final List<MessageDigest> digests, final long from, final long most) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long read = 0;
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.position(from);
            while (read < most && channel.read(buffer.clear().limit((int) Math.min(BUFFER, most - read))) >= 0) {
                buffer.flip();
                read += buffer.remaining();
                digests.forEach(digest -> digest.update(buffer.duplicate()));
            }
        } catch (final IOException e) {
            throw SystemFaults.explained(e, file.getParent());
        }
        return read;
    }

    @Override
    public boolean isUnchanged() throws IOException {
        try {
            final BasicFileAttributes now = LocalDirectory.attributes(file);
            return Objects.equals(now.fileKey(), attributes.fileKey()) && now.size() == attributes.size()
                    && now.lastModifiedTime().equals(attributes.lastModifiedTime());
        } catch (final NoSuchFileException removed) {
            return false;
        }
    }
}
