package org.dropzonebackup.launcher;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * HTTP/1.1 that can read a fast upload in large pieces. Tomcat has one size of them for all connections, and two buffers
 * of that size for each: what one huge file wants would be too much for five thousand slow ones. So they begin small,
 * and a few requests at a time have them grow. Measured for 1 GiB: 2.4 CPU-seconds with 8 KiB, 1.4 with 128 KiB.
 */
final class WideReads extends Http11NioProtocol {

    private static final int WIDE = 128 * 1024;
    private static final int MOST_AT_ONCE = 16;
    /** How many idle connections and processors keep their buffers, however wide. */
    private static final int MOST_KEPT = 64;
    /** The last of the notes that Tomcat has room for. */
    private static final int NOTE = 31;

    private final Semaphore wide = new Semaphore(MOST_AT_ONCE);

    WideReads() {
        setProcessorCache(MOST_KEPT);
        setProperty("socket.bufferPool", String.valueOf(MOST_KEPT));
    }

    @Override
    protected Processor createProcessor() {
        return new WideProcessor(this);
    }

    /**
     * Has the rest of a request's body read in large pieces, unless too many are already.
     *
     * @return whether they are; then {@link #narrow} has to follow when the request ends
     */
    boolean widen(final Request request) {
        if (!(request.getNote(NOTE) instanceof WideProcessor processor) || !wide.tryAcquire()) {
            return false;
        }
        processor.widen();
        return true;
    }

    /** Lets another request have large pieces. */
    void narrow() {
        wide.release();
    }

    private static final class WideProcessor extends Http11Processor {

        WideProcessor(final WideReads protocol) {
            super(protocol, protocol.getAdapter());
            request.setNote(NOTE, this);
        }

        void widen() {
            getSocketWrapper().getSocketBufferHandler().expand(WIDE);
            final Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
            final ByteBuffer narrow = input.getByteBuffer();
            if (narrow.capacity() < WIDE) {
                // The head of the request stays where it is, before the body
                final ByteBuffer larger = ByteBuffer.allocate(narrow.capacity() + WIDE);
                larger.put(0, narrow, 0, narrow.limit()).position(narrow.position()).limit(narrow.limit());
                input.setByteBuffer(larger);
            }
        }
    }
}
