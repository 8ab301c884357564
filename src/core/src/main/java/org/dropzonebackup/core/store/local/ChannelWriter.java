package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Writes a file through its channels, and keeps the first failure. Used by one thread at a time, but for the failure, which any
 * thread may add or ask for.
 *
 * <p>A long file is brought to the device while it still arrives, so that the sync at its end is short: the system by itself
 * may wait until a tenth of all memory is to be written. What the system says of a failed write it says once, to whoever syncs
 * next. So nobody else may sync while that is under way, and a failure that was told once is told again by all that follows.
 */
final class ChannelWriter {

    private static final System.Logger LOG = System.getLogger(ChannelWriter.class.getName());
    /** Bytes in the system's cache after which they are brought to the device. */
    private static final long WRITE_BACK_EVERY = 32 << 20;

    private final Path directory;
    private final Staging staging;
    private final FileChannel channel;
    private final DirectWriter direct;
    /** Bytes since the device was asked last. */
    private long cached;
    /** What the device is asked for in the background, then what is left for the end. Never fails. */
    private CompletableFuture<Void> background = CompletableFuture.completedFuture(null);
    private volatile IOException failure;

    /** What may fail. */
    interface Step {
        /** @throws IOException if it does */
        void run() throws IOException;
    }

    /**
     * @param path of the file
     * @param channel of the file; closed by {@link #closeWhenQuiet}
     */
    ChannelWriter(final Path path, final Staging staging, final FileChannel channel, final LongSupplier nanoClock) {
        this.directory = path.getParent();
        this.staging = staging;
        this.channel = channel;
        this.direct = new DirectWriter(path, () -> staging.blockSize(directory), nanoClock);
    }

    FileChannel channel() {
        return channel;
    }

    /** Writes bytes, unless something has failed: nothing is written behind a gap. */
    void write(final ByteBuffer bytes, final long position) {
        if (failure != null) {
            return;
        }
        attempt(() -> {
            final int begin = bytes.position();
            direct.write(bytes, position);
            cached += bytes.remaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes, position + bytes.position() - begin);
            }
            writeBack();
        });
    }

    /** Where nothing has to be durable, nothing is hurried either. */
    private void writeBack() {
        if (cached < WRITE_BACK_EVERY || !background.isDone() || !staging.durability().isDurable()) {
            return;
        }
        cached = 0;
        try {
            background = CompletableFuture.runAsync(() -> attempt(() -> channel.force(false)), staging.writeBack());
        } catch (final RejectedExecutionException | OutOfMemoryError busy) {
            LOG.log(Level.DEBUG, "no early write-back, the others are not done yet", busy);
        }
    }

    /** Closes the channels when nothing is under way in the background any more. */
    void closeWhenQuiet() {
        background = background.thenRun(() -> attempt(() -> {
            try (channel) {
                direct.close();
            }
        }));
    }

    /** Waits until nothing is under way in the background. */
    void await() {
        background.join();
    }

    /** Does something whose failure is kept. */
    void attempt(final Step step) {
        try {
            step.run();
        } catch (final IOException e) {
            fail(e);
        } catch (final RuntimeException | Error e) {
            fail(new IOException(e));
        }
    }

    /** Keeps a failure, unless there is one already. */
    synchronized void fail(final IOException fault) {
        if (failure == null) {
            failure = SystemFaults.explained(fault, directory);
        }
    }

    void tellFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}
