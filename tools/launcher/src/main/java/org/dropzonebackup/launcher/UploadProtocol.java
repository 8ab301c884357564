package org.dropzonebackup.launcher;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.dropzonebackup.core.receive.Readers;

/**
 * Tomcat's HTTP/1.1, which can read a fast upload in large pieces. Tomcat has one size of them for all connections, and two
 * buffers of that size for each: what one huge file wants would be too much for five thousand slow ones. So they begin
 * small. A body of known length can be read past all buffers then; where it comes in chunks, a few requests at a time have
 * larger ones. Measured for 1 GiB: 2.4 CPU-seconds with 8 KiB, 1.4 with 128 KiB.
 *
 * <p>Five more things are different: large uploads take turns, who is silent during a request is found out by the
 * application, a request that follows behind chunks is not lost, connections that come by the thousand wait for no lock, and
 * what the application does with a request meets no thread that ends it just then.
 */
final class UploadProtocol extends Http11NioProtocol {

    private static final int WIDE = 128 * 1024;
    private static final int MOST_AT_ONCE = 16;
    /** How many idle connections and processors keep their buffers, however wide. */
    private static final int MOST_KEPT = 64;
    /** The last of the notes that Tomcat has room for. */
    private static final int NOTE = 31;
    private static final int NEVER = -1;
    /** An answer to an upload is hardly larger; what is goes out in pieces, or asks for more. */
    private static final int ANSWER = 1024;
    /** Of what a request's head is read in: most fit, and each connection has room for a longest one and two of these. */
    private static final int HEAD = 2048;

    /** What a request takes in which all is wide: two buffers of Tomcat's to read, and one to write that grows with them. */
    private static final int BYTES_OF_ONE = 3 * WIDE;
    /** The wide ones may take one part in so many of the memory. */
    private static final int SHARE = 16;
    /** The same for those that are kept. */
    private static final int SHARE_OF_KEPT = 4;

    private final Readers readers;
    private final Semaphore wide = new Semaphore(mostWide(Runtime.getRuntime().maxMemory()));

    /**
     * What a thread is at work for. At the end of chunks Tomcat has its socket processed once more, by the thread that is
     * doing just that, and would take a request that follows at once for one whose beginning it has not read.
     */
    private final ThreadLocal<SocketWrapperBase<?>> current = new ThreadLocal<>();
    /** Those that no request has. */
    private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

    /** None where what is kept would take too much of the memory: it stays wide. */
    private static int mostWide(final long memory) {
        return memory / SHARE_OF_KEPT < (long) MOST_KEPT * BYTES_OF_ONE ? 0 : (int) Math.min(MOST_AT_ONCE, memory / SHARE / BYTES_OF_ONE);
    }

    UploadProtocol() {
        this(new Readers(Runtime.getRuntime().availableProcessors(), System::nanoTime));
    }

    private UploadProtocol(final Readers readers) {
        super(new UploadEndpoint(readers));
        this.readers = readers;
        final Handler<NioChannel> handler = new WithoutBeans(this);
        setHandler(handler);
        getEndpoint().setHandler(handler);
        setProcessorCache(MOST_KEPT);
        setProperty("socket.bufferPool", String.valueOf(MOST_KEPT));
        // What follows behind chunks is read and has no use
        setMaxTrailerSize(ANSWER);
        setProperty("socket.appReadBufSize", String.valueOf(HEAD));
        setProperty("socket.appWriteBufSize", String.valueOf(ANSWER));
    }

    /** Of what a response is gathered in, once in bytes and once in characters, for as long as its request takes. */
    @Override
    public int getDesiredBufferSize() {
        return ANSWER;
    }

    @Override
    protected Processor createProcessor() {
        return new UploadProcessor(this);
    }

    @Override
    public void start() throws Exception {
        super.start();
        readers.watch(getUtilityExecutor());
    }

    @Override
    public void destroy() throws Exception {
        super.destroy();
        readers.shutdown();
    }

    /** Runs what an upload begins with in its turn, if it is large and its length known; else at once. */
    Executor turns(final Request request) {
        final long length = request.getContentLengthLong();
        return length >= 0 && Readers.isLarge(length) ? readers : Runnable::run;
    }

    /**
     * Has the rest of a request's body read in large pieces, unless too many are already.
     *
     * @return whether they are; then {@link #release} has to follow when the request ends
     */
    boolean widen(final Request request) {
        if (!(request.getNote(NOTE) instanceof UploadProcessor processor) || !wide.tryAcquire()) {
            return false;
        }
        boolean widened = false;
        try {
            processor.widen();
            widened = true;
        } catch (final OutOfMemoryError e) {
            // It goes on in small pieces
            getLog().debug("there is no memory for large pieces", e);
        } finally {
            if (!widened) {
                release();
            }
        }
        return widened;
    }

    /** Reads the body of a request whose length is known into the very memory where it is wanted. */
    static ReadableByteChannel straight(final Request request) {
        return ((UploadProcessor) request.getNote(NOTE)).straight();
    }

    /**
     * Has each thread that is at work for a request alone with it, as Tomcat's own are with a connection. Tomcat ends a request
     * whose connection breaks, whoever is at it, and gives all that belongs to it to another one.
     */
    static Executor alone(final Request request) {
        final ReentrantLock lock = ((UploadProcessor) request.getNote(NOTE)).lock();
        return task -> {
            lock.lock();
            try {
                task.run();
            } finally {
                lock.unlock();
            }
        };
    }

    private ByteBuffer buffer(final int capacity) {
        final ByteBuffer kept = buffers.poll();
        return kept != null && kept.capacity() >= capacity ? kept : ByteBuffer.allocateDirect(capacity);
    }

    /** Lets another request have large pieces. */
    void release() {
        wide.release();
    }

    /** Tomcat makes a bean of each processor, under one lock: when thousands connect at once, all would wait for that. */
    private static final class WithoutBeans extends ConnectionHandler<NioChannel> {

        WithoutBeans(final UploadProtocol protocol) {
            super(protocol);
        }

        @Override
        protected void register(final Processor processor) {
            // Nobody asks for the bean
        }

        @Override
        protected void unregister(final Processor processor) {
            // There is none
        }
    }

    /** What a socket is being processed by. */
    static final class UploadProcessor extends Http11Processor {

        private final UploadProtocol protocol;
        /** The buffer that Tomcat gave, while a wide one takes its place; else null. */
        private ByteBuffer narrow;

        UploadProcessor(final UploadProtocol protocol) {
            super(protocol, protocol.getAdapter());
            this.protocol = protocol;
            request.setNote(NOTE, this);
        }

        ReentrantLock lock() {
            return getSocketWrapper().getLock();
        }

        ReadableByteChannel straight() {
            return new Straight(getSocketWrapper());
        }

        /**
         * The body of the request that came on a connection. When that is closed, this processor may serve another one before
         * whoever reads here knows.
         */
        private final class Straight implements ReadableByteChannel {

            private final SocketWrapperBase<?> socket;

            Straight(final SocketWrapperBase<?> socket) {
                this.socket = socket;
            }

            /**
             * Reads from the socket what the request still has, past all of Tomcat's buffers, and tells Tomcat of it.
             *
             * @return how many bytes, or 0: then Tomcat knows whether there are more
             */
            @Override
            public int read(final ByteBuffer to) throws IOException {
                final Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
                final ByteBuffer own = input.getByteBuffer();
                // Beyond the body there may be another request
                final int most = (int) Math.min(to.remaining(), request.getContentLengthLong() - request.getBytesRead());
                if (most <= 0 || own.hasRemaining() || !socket.getSocketBufferHandler().isReadBufferEmpty()) {
                    return 0;
                }
                final ByteBuffer piece = to.slice(to.position(), most);
                if (((NioChannel) socket.getSocket()).read(piece) < 0 || !isOpen()) {
                    throw new EOFException("the client is gone");
                }
                final int count = piece.position();
                if (count > 0) {
                    input.setByteBuffer(piece.flip());
                    try {
                        request.doRead(ApplicationBufferHandler.EMPTY);
                    } finally {
                        input.setByteBuffer(own);
                    }
                }
                to.position(to.position() + count);
                return count;
            }

            @Override
            public boolean isOpen() {
                return socket == getSocketWrapper() && !socket.isClosed();
            }

            @Override
            public void close() {
                // The request ends by itself
            }
        }

        /** DNS has no names with underscores, and machines do: Tomcat would refuse them, and is given a letter instead. */
        @Override
        protected void parseHost(final MessageBytes host) {
            final String name = host == null || host.isNull() ? "" : host.toString();
            if (!name.contains("_")) {
                super.parseHost(host);
                return;
            }
            final byte[] plain = name.replace('_', 'x').getBytes(StandardCharsets.ISO_8859_1);
            final MessageBytes accepted = MessageBytes.newInstance();
            accepted.setBytes(plain, 0, plain.length);
            super.parseHost(accepted);
            if (!request.serverName().isNull()) {
                request.serverName().setString(name.substring(0, request.serverName().getLength()));
            }
        }

        /** Whether the bytes that are there now are of a large upload. */
        boolean takesTurns() {
            return isAsync() && Readers.isLarge(request.getContentLengthLong());
        }

        /**
         * Tomcat finds out who is silent by the system's clock, and would cut off all uploads when that is set forward. So
         * it does not while a request is under way: the application does, by a clock that nobody sets.
         */
        @Override
        public SocketState process(final SocketWrapperBase<?> socket, final SocketEvent event) throws IOException {
            if (protocol.current.get() == socket) {
                return SocketState.OPEN;
            }
            if (!isAsync()) {
                socket.setReadTimeout(protocol.getConnectionTimeout());
            }
            protocol.current.set(socket);
            final SocketState state;
            try {
                state = super.process(socket, event);
            } finally {
                protocol.current.remove();
            }
            if (!isAsync()) {
                narrow();
            }
            if (state == SocketState.LONG && isAsync()) {
                socket.setReadTimeout(NEVER);
            } else if (socket.getReadTimeout() == NEVER) {
                socket.setReadTimeout(protocol.getConnectionTimeout());
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

        /**
         * Tomcat reads the head of the next request out of the array of the buffer, which only those in the heap have. What
         * it has of that already stays, in a buffer that is large enough beside the one of the socket: Tomcat would take
         * another one, without it.
         */
        private void narrow() {
            if (narrow != null) {
                final Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
                final ByteBuffer larger = input.getByteBuffer();
                final ByteBuffer next = larger.hasRemaining() ? ByteBuffer.allocate(larger.capacity()) : narrow;
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
