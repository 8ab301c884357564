package org.dropzonebackup.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The segment that is written. After a failure it is opened again by its name, as its file system may have been away meanwhile.
 * Belongs to one thread at a time. Tests let it fail.
 */
class SegmentFile implements Closeable {

    private final Path path;
    private final boolean durable;
    private FileChannel channel;

    /** Opens segments. */
    @FunctionalInterface
    interface Opener {
        /** Opens a segment that exists, or creates one for its owner alone. */
        SegmentFile open(Path path, boolean durable) throws IOException;
    }

    SegmentFile(final Path path, final boolean durable) throws IOException {
        this.path = path;
        this.durable = durable;
        channel();
        ChainFiles.syncDirectory(path.getParent(), durable);
    }

    /** An interrupted thread closes the channel that it uses. */
    private FileChannel channel() throws IOException {
        if (channel == null || !channel.isOpen()) {
            channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS), ChainFiles.ownerOnly(path));
        }
        return channel;
    }

    long size() throws IOException {
        final long[] size = new long[1];
        attempt(() -> size[0] = channel().size());
        return size[0];
    }

    void write(final ByteBuffer bytes, final long offset) throws IOException {
        attempt(() -> {
            for (long at = offset; bytes.hasRemaining();) {
                at += channel().write(bytes, at);
            }
        });
    }

    /** Returns when what was written is on stable storage. */
    void sync() throws IOException {
        if (durable) {
            attempt(() -> channel().force(false));
        }
    }

    /** Cuts off what lies behind an offset, durably. */
    void cut(final long offset) throws IOException {
        attempt(() -> channel().truncate(offset));
        sync();
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(final Step step) throws IOException {
        try {
            step.run();
        } catch (final IOException e) {
            try {
                close();
            } catch (final IOException late) {
                e.addSuppressed(late);
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
