package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.dropzonebackup.core.store.Entry;

/** What bore a name when it was looked up; links are not followed. */
final class LocalEntry implements Entry {

    private static final int BUFFER = 1 << 17;

    private final Path file;
    private final BasicFileAttributes attributes;

    LocalEntry(final Path file, final BasicFileAttributes attributes) {
        this.file = file;
        this.attributes = attributes;
    }

    @Override
    public boolean isFile() {
        return attributes.isRegularFile();
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
    public void digest(final List<MessageDigest> digests) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long read = 0;
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (channel.read(buffer.clear()) >= 0) {
                buffer.flip();
                read += buffer.remaining();
                digests.forEach(digest -> digest.update(buffer.duplicate()));
            }
        } catch (final IOException e) {
            throw SystemFaults.explained(e, file.getParent());
        }
        if (read != attributes.size()) {
            throw new IOException("a stored file changed while it was read: had " + attributes.size() + " bytes, read " + read);
        }
    }
}
