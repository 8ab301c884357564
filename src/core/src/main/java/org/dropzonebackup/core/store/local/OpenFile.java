package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The bytes of a staging file, while it is open. Belongs to one request; not safe for threads. */
final class OpenFile {

    private final Path directory;
    private final Staging staging;
    private final FileChannel channel;
    private final WriteBack writeBack;

    OpenFile(final Path directory, final Staging staging, final FileChannel channel) {
        this.directory = directory;
        this.staging = staging;
        this.channel = channel;
        this.writeBack = staging.writeBackOf(channel);
    }

    void write(final ByteBuffer bytes) throws IOException {
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

    int read(final ByteBuffer buffer, final long position) throws IOException {
        return channel.read(buffer, position);
    }

    void sync() throws IOException {
        writeBack.await();
        staging.sync(channel);
    }

    /** Closes it when nothing is under way any more, without waiting for that. */
    void close() {
        writeBack.close();
    }

    /** Waits until nothing is under way. */
    void await() throws IOException {
        writeBack.await();
    }
}
