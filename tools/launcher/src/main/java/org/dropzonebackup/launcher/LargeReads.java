package org.dropzonebackup.launcher;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Has the bodies of fast clients read in large pieces, a few at a time. Jetty reads every connection in pieces of one size,
 * and keeps what was read until the application takes it: what a fast upload wants would be too much for thousands of slow
 * ones. Safe for threads.
 */
final class LargeReads extends Handler.Wrapper {

    /** Bytes. Measured for 1 GiB, in turns: 2.2 CPU-seconds with Jetty's 8 KiB, 1.69 with 256 KiB, 1.63 with this. */
    static final int LARGE = 1024 * 1024;

    private static final int MOST_AT_ONCE = 16;
    /** They may take one part in so many of the memory. */
    private static final int SHARE = 16;
    /** Bytes that come without a pause: so many from a client that is fast, and fewer than these from one that is slow. */
    private static final int FAST = 64 * 1024;
    private static final int SLOW = 32 * 1024;

    private final Semaphore free = new Semaphore((int) Math.min(MOST_AT_ONCE, Runtime.getRuntime().maxMemory() / SHARE / LARGE));

    LargeReads(final Handler next) {
        super(next);
    }

    @Override
    public boolean handle(final Request request, final Response response, final Callback callback) throws Exception {
        if (!(request.getConnectionMetaData().getConnection() instanceof AbstractConnection connection)) {
            return super.handle(request, response, callback);
        }
        final MeasuredRequest measured = new MeasuredRequest(request, connection);
        Request.addCompletionListener(request, fault -> measured.end());
        return super.handle(measured, response, callback);
    }

    private enum Pieces { SMALL, LARGE, ENDED }

    /** A request that notices how fast its body comes. Read by one thread at a time. */
    private final class MeasuredRequest extends Request.Wrapper {

        private final AbstractConnection connection;
        private final int small;
        private final AtomicReference<Pieces> pieces = new AtomicReference<>(Pieces.SMALL);
        private int sincePause;

        MeasuredRequest(final Request request, final AbstractConnection connection) {
            super(request);
            this.connection = connection;
            this.small = connection.getInputBufferSize();
        }

        @Override
        public Content.Chunk read() {
            final Content.Chunk chunk = super.read();
            if (chunk == null) {
                if (sincePause < SLOW) {
                    readSmall();
                }
                sincePause = 0;
            } else if (sincePause < FAST) {
                sincePause += chunk.remaining();
                if (sincePause >= FAST) {
                    readLarge();
                }
            }
            return chunk;
        }

        private void readLarge() {
            if (pieces.get() == Pieces.SMALL && free.tryAcquire()) {
                connection.setInputBufferSize(LARGE);
                if (!pieces.compareAndSet(Pieces.SMALL, Pieces.LARGE)) {
                    giveBack();
                }
            }
        }

        private void readSmall() {
            if (pieces.compareAndSet(Pieces.LARGE, Pieces.SMALL)) {
                giveBack();
            }
        }

        /** Another thread may end the request while one reads. */
        private void end() {
            if (pieces.getAndSet(Pieces.ENDED) == Pieces.LARGE) {
                giveBack();
            }
        }

        private void giveBack() {
            connection.setInputBufferSize(small);
            free.release();
        }
    }
}
