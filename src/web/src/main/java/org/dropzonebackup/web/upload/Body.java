package org.dropzonebackup.web.upload;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The body of a request, which is read as far as it is there, without waiting. Belongs to its {@link Upload}; not safe for threads. */
final class Body {

    /**
     * Request attribute, set by a container that reads all bodies in small pieces unless asked to: a {@link Runnable} that
     * has the rest of this one read in large ones, or a {@link ReadableByteChannel} that reads them, and reads nothing when
     * the stream is to be asked.
     */
    private static final String FAST = "org.dropzonebackup.fast";

    /** A client that sends a few bytes at a time, without end, keeps nobody waiting for longer. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Optional<MethodHandle> READ_BUFFER = readBuffer();
    /** Bytes; containers read no more at once. */
    private static final int ARRAY = 16 * 1024;

    private final HttpServletRequest request;
    private final ServletInputStream in;
    /** What reads bodies past the stream, or null. */
    private final ReadableByteChannel straight;
    /** Null until it is needed: on containers that read into arrays only, for buffers that are none. */
    private byte[] array;
    private boolean fast;
    /** Whether the stream has nothing left that was read before. */
    private boolean drained = true;

    Body(final HttpServletRequest request) throws IOException {
        this.request = request;
        this.in = request.getInputStream();
        this.straight = request.getAttribute(FAST) instanceof ReadableByteChannel channel ? channel : null;
    }

    /** Servlet 6.1 can read into memory outside of the heap, 6.0 cannot. */
    private static Optional<MethodHandle> readBuffer() {
        try {
            return Optional.of(MethodHandles.publicLookup().findVirtual(ServletInputStream.class, "read",
                    MethodType.methodType(int.class, ByteBuffer.class)));
        } catch (final NoSuchMethodException | IllegalAccessException older) {
            return Optional.empty();
        }
    }

    /** A buffer that can be filled by whatever reads bodies here. */
    static ByteBuffer allocate(final int size) {
        return READ_BUFFER.isPresent() ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    /** Whether all of it was read. */
    boolean isFinished() {
        return in.isFinished();
    }

    /** Registers who is told that there is something to read. */
    void tell(final ReadListener listener) {
        in.setReadListener(listener);
    }

    /** Whether the client sends faster than its bytes are taken. */
    boolean isFast() {
        return fast;
    }

    /**
     * Reads until the buffer is full, for a short time at most, or until nothing more is there; the container tells when there
     * is again.
     *
     * @param position in the file of the first byte: no more is read than up to where a page of the file ends
     * @return whether there may be more at once
     * @throws IOException if the client is gone; what came before is in the buffer
     */
    boolean fill(final ByteBuffer buffer, final long position) throws IOException {
        buffer.limit(buffer.capacity() - (int) (position % Buffers.PAGE));
        final long began = System.nanoTime();
        while (buffer.hasRemaining()) {
            readStraight(buffer);
            // Only a stream that is not ready has the container tell when there is more. One that is may hold bytes of the
            // body, or but a part of its framing (Tomcat reads nothing then, and has to be asked again), or else know that the
            // client is gone: that is better found out past it, as Tomcat would end the request by itself
            if (buffer.hasRemaining() && (!in.isReady() || readStraight(buffer) == 0 && readStream(buffer) < 0)) {
                return false;
            }
            if (System.nanoTime() - began > TURN_NANOS) {
                return true;
            }
        }
        if (!fast) {
            fast = true;
            if (request.getAttribute(FAST) instanceof Runnable readInLargePieces) {
                readInLargePieces.run();
            }
        }
        return true;
    }

    private int readStraight(final ByteBuffer buffer) throws IOException {
        return drained && straight != null ? straight.read(buffer) : 0;
    }

    private int readStream(final ByteBuffer buffer) throws IOException {
        final int from = buffer.position();
        final int to = buffer.limit();
        final int count;
        if (READ_BUFFER.isPresent()) {
            count = read(READ_BUFFER.get(), buffer);
        } else if (buffer.hasArray()) {
            count = in.read(buffer.array(), buffer.arrayOffset() + from, to - from);
        } else {
            count = readCopy(buffer);
        }
        drained = count < to - from;
        // Tomcat flips the buffer
        buffer.limit(to).position(from + Math.max(0, count));
        return count;
    }

    private int readCopy(final ByteBuffer buffer) throws IOException {
        if (array == null) {
            array = new byte[ARRAY];
        }
        final int count = in.read(array, 0, Math.min(ARRAY, buffer.remaining()));
        buffer.put(array, 0, Math.max(0, count));
        return count;
    }

    private int read(final MethodHandle method, final ByteBuffer buffer) throws IOException {
        try {
            return (int) method.invokeExact(in, buffer);
        } catch (final IOException | RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IOException(e);
        }
    }
}
