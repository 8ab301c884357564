package org.dropzonebackup.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

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
    private static final int NEVER = -1;

    /** What a request takes in which all is wide: two buffers of Tomcat's to read, and one to write that grows with them. */
    private static final int BYTES_OF_ONE = 3 * WIDE;
    /** The wide ones may take one part in so many of the memory. */
    private static final int SHARE = 16;

    private final Semaphore wide = new Semaphore(
            (int) Math.max(1, Math.min(MOST_AT_ONCE, Runtime.getRuntime().maxMemory() / SHARE / BYTES_OF_ONE)));

    /** Those that no request has. */
    private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

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

    private ByteBuffer buffer(final int capacity) {
        final ByteBuffer kept = buffers.poll();
        return kept != null && kept.capacity() >= capacity ? kept : ByteBuffer.allocateDirect(capacity);
    }

    /** Lets another request have large pieces. */
    void narrow() {
        wide.release();
    }

    private static final class WideProcessor extends Http11Processor {

        private final WideReads protocol;
        /** The buffer that Tomcat gave, while a wide one takes its place; else null. */
        private ByteBuffer narrow;

        WideProcessor(final WideReads protocol) {
            super(protocol, protocol.getAdapter());
            this.protocol = protocol;
            request.setNote(NOTE, this);
        }

        /**
         * Tomcat finds out who is silent by the system's clock, and would cut off all uploads when that is set forward. So
         * it does not while a request is under way: the application does, by a clock that nobody sets.
         */
        @Override
        public SocketState process(final SocketWrapperBase<?> socket, final SocketEvent event) throws IOException {
            socket.setReadTimeout(protocol.getConnectionTimeout());
            final SocketState state = super.process(socket, event);
            if (!isAsync()) {
                narrow();
            }
            if (state == SocketState.LONG && isAsync()) {
                socket.setReadTimeout(NEVER);
            }
            return state;
        }

        /** The system fills a buffer outside of the heap itself; into others Java copies. */
        void widen() {
            getSocketWrapper().getSocketBufferHandler().expand(WIDE);
            final Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
            if (narrow == null) {
                narrow = input.getByteBuffer();
                // The body stays where it is, behind the head of the request, which is not read out of this one
                final ByteBuffer larger = protocol.buffer(narrow.capacity() + WIDE);
                larger.clear().put(0, narrow, 0, narrow.limit()).position(narrow.position()).limit(narrow.limit());
                input.setByteBuffer(larger);
            }
        }

        /** Tomcat reads the head of the next request out of the array of the buffer, which only those in the heap have. */
        private void narrow() {
            if (narrow != null) {
                final Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
                final ByteBuffer larger = input.getByteBuffer();
                final ByteBuffer next =
                        larger.remaining() > narrow.capacity() ? ByteBuffer.allocate(larger.capacity()) : narrow;
                input.setByteBuffer(next.clear().put(larger).flip());
                protocol.buffers.add(larger);
                narrow = null;
            }
        }

        @Override
        public SocketState service(final SocketWrapperBase<?> socket) throws IOException {
            narrow();
            return super.service(socket);
        }
    }
}
