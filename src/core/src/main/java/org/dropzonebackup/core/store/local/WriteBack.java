package org.dropzonebackup.core.store.local;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Has a long file written to the device while it is still arriving, so that the sync at its end is short: the system by
 * itself may wait until a tenth of all memory is to be written.
 *
 * <p>What the system says of a failed write it says once, to whoever syncs next. So nobody else may sync while this is
 * under way, and what was said to this counts for the final sync. Belongs to one file; not safe for threads.
 */
final class WriteBack {

    private static final System.Logger LOG = System.getLogger(WriteBack.class.getName());
    private static final long EVERY = 32 << 20;

    private final FileChannel channel;
    private final Executor executor;
    private long waiting;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private volatile IOException failure;

    WriteBack(final FileChannel channel, final Executor executor) {
        this.channel = channel;
        this.executor = executor;
    }

    /** Bytes were written to the channel, into the system's cache. */
    void written(final int bytes) {
        waiting += bytes;
        if (waiting >= EVERY && underWay.isDone()) {
            waiting = 0;
            try {
                underWay = CompletableFuture.runAsync(() -> attempt(() -> channel.force(false)), executor);
            } catch (final RejectedExecutionException busy) {
                LOG.log(Level.DEBUG, "no early write-back, the others are not done yet");
            }
        }
    }

    /**
     * Closes the file when nothing is under way any more, without waiting for that.
     *
     * @param other what else is under way
     */
    void close(final CompletionStage<Void> other, final Closeable file) {
        underWay = underWay.runAfterBoth(other, () -> attempt(file::close));
    }

    /**
     * Waits until nothing is under way.
     *
     * @throws IOException if anything failed so far
     */
    void await() throws IOException {
        underWay.join();
        if (failure != null) {
            throw failure;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(final Step step) {
        try {
            step.run();
        } catch (final IOException e) {
            failure = e;
        } catch (final RuntimeException | Error e) {
            failure = new IOException(e);
        }
    }
}
