package org.dropzonebackup.core.store.local;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Retainable;

/**
 * Writes long runs of a file straight to the device, past the system's cache ({@code O_DIRECT}), while the next bytes come. A
 * backup is not read again soon: to copy it into the cache costs up to several times what its SHA-256 does, drives out what
 * others need there, and leaves it to be written yet when all came.
 *
 * <p>Not everything can be written so, and nothing has to be: what this does not take goes through the cache, to whichever
 * part of the file, and so does a run that fails here. Belongs to one file; not safe for threads.
 */
final class DirectWrites implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DirectWrites.class.getName());
    /** Bytes. The device is waited for once for each run: for shorter ones that takes longer than to copy them. */
    private static final int SHORTEST = 256 * 1024;
    /** 25 MB/s. A device that is slower, one write after the other, may do better with as many at once as the cache has for it. */
    private static final long NANOS_PER_BYTE = 40;
    /** What a device may be late by, now and then. */
    private static final long LATE_NANOS = 250_000_000;

    private final Path name;
    private final BlockSize blockSize;
    private final FileChannel cached;
    private final Executor executor;
    private final LongSupplier nanoClock;
    /** Null until there is something to write. */
    private FileChannel channel;
    /** Bytes: where a run begins, in memory and in the file, and how long it is, has to be a multiple of it. */
    private int block;

    /** The run that began last, and the one before: there are no more at a time, and each begins when the one before is over. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> before = last;
    private volatile IOException failure;
    private long late;
    /** Whether all goes through the cache from now on. */
    private volatile boolean givenUp;

    /** Tells how long the blocks of the file system are. */
    @FunctionalInterface
    interface BlockSize {

        /** @throws IOException if the file system cannot be asked */
        long bytes() throws IOException;
    }

    /**
     * @param name of the file, which exists
     * @param blockSize of its file system; asked when there is something to write
     * @param cached writes it through the cache
     * @param executor for the runs; may reject them
     * @param nanoClock counts nanoseconds
     */
    DirectWrites(final Path name, final BlockSize blockSize, final FileChannel cached, final Executor executor,
            final LongSupplier nanoClock) {
        this.name = name;
        this.blockSize = blockSize;
        this.cached = cached;
        this.executor = executor;
        this.nanoClock = nanoClock;
    }

    /**
     * Takes as many of the bytes as can be written so, and consumes those.
     *
     * @param position of the first, in the file
     * @param memory of the bytes; retained until they are written
     * @return how many; none if all of them are to go through the cache
     * @throws IOException if a run before, or this one, cannot be written at all; told once
     */
    int write(final ByteBuffer bytes, final long position, final Retainable memory) throws IOException {
        before.join();
        tell();
        if (!fits(bytes, position) || !memory.retain()) {
            return 0;
        }
        final int count = bytes.remaining() - bytes.remaining() % block;
        final ByteBuffer run = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        boolean started = false;
        try {
            start(() -> {
                try {
                    store(run, position);
                } catch (final RuntimeException | Error e) {
                    // Who brings the next bytes is told, or who syncs
                    failure = new IOException(e);
                } finally {
                    memory.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                memory.release();
            }
        }
        tell();
        return count;
    }

    private boolean fits(final ByteBuffer bytes, final long position) {
        return !givenUp && bytes.remaining() >= SHORTEST && bytes.isDirect() && (channel != null || open())
                && position % block == 0 && bytes.alignmentOffset(bytes.position(), block) == 0;
    }

    private boolean open() {
        try {
            block = usable(blockSize.bytes());
            channel = FileChannel.open(name, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (final IOException | UnsupportedOperationException e) {
            giveUp(e);
            return false;
        }
    }

    /**
     * File systems, those of programs and networks above all, say what they like.
     *
     * @throws UnsupportedOperationException if no run could be as they say
     */
    static int usable(final long blockSize) {
        if (Long.bitCount(blockSize) != 1 || blockSize < 1 || blockSize > SHORTEST) {
            throw new UnsupportedOperationException("blocks of " + blockSize + " bytes");
        }
        return (int) blockSize;
    }

    private void giveUp(final Exception reason) {
        LOG.log(Level.DEBUG, "a file is written through the system's cache", reason);
        givenUp = true;
    }

    /** On the thread of the run before, if that is under way: to wake another takes a while. */
    private void start(final Runnable run) {
        before = last;
        if (!last.isDone()) {
            last = last.thenRun(run);
            return;
        }
        try {
            last = CompletableFuture.runAsync(run, executor);
        } catch (final RejectedExecutionException busy) {
            run.run();
        }
    }

    private void store(final ByteBuffer run, final long position) {
        try {
            final long begun = nanoClock.getAsLong();
            final int count = channel.write(run, position);
            late = Math.max(0, late + nanoClock.getAsLong() - begun - count * NANOS_PER_BYTE);
            givenUp = late > LATE_NANOS;
        } catch (final IOException e) {
            // Whether it is the device that fails or only this way to it, the cache will tell
            giveUp(e);
        }
        try {
            while (run.hasRemaining()) {
                cached.write(run, position + run.position());
            }
        } catch (final IOException e) {
            failure = e;
        }
    }

    /**
     * Waits for the runs that are under way.
     *
     * @throws IOException if one of them cannot be written at all; told once
     */
    void await() throws IOException {
        last.join();
        tell();
    }

    private void tell() throws IOException {
        if (failure != null) {
            final IOException told = failure;
            failure = null;
            throw told;
        }
    }

    /** Over when no run is under way. */
    CompletionStage<Void> runs() {
        return last;
    }

    /** To be called when no run is under way. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
