package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.store.Retainable;

/** The bytes of a staging file, while it is open. Belongs to one request; not safe for threads. */
final class OpenFile {

    private final Path directory;
    private final Staging staging;
    private final FileChannel channel;
    private final WriteBack writeBack;
    private final DirectWrites direct;
    private long position;

    /**
     * @param channel of the file; closed by this
     * @param position where writing goes on, in bytes
     * @param executor runs what writes past the system's cache; may reject it
     */
    OpenFile(final Path name, final Staging staging, final FileChannel channel, final long position, final Executor executor) {
        this.directory = name.getParent();
        this.staging = staging;
        this.channel = channel;
        this.writeBack = staging.writeBackOf(channel);
        this.direct = new DirectWrites(name, () -> staging.blockSize(directory), channel, executor, System::nanoTime);
        this.position = position;
    }

    void write(final ByteBuffer bytes, final Retainable memory) throws IOException {
        int cached = 0;
        try {
            while (bytes.hasRemaining()) {
                int count = direct.write(bytes, position, memory);
                if (count == 0) {
                    count = channel.write(bytes, position);
                    cached += count;
                }
                position += count;
            }
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
        writeBack.written(cached);
    }

    int read(final ByteBuffer buffer, final long position) throws IOException {
        try {
            return channel.read(buffer, position);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }

    /** Cuts off what lies behind the last byte that was written. */
    void trim() throws IOException {
        await();
        channel.truncate(position);
    }

    void sync() throws IOException {
        await();
        staging.sync(channel);
    }

    /** Closes it when nothing is under way any more, without waiting for that. */
    void close() {
        writeBack.close(direct.runs(), () -> {
            try (channel) {
                direct.close();
            }
        });
    }

    /** Waits until nothing is under way. */
    void await() throws IOException {
        direct.await();
        writeBack.await();
    }
}
