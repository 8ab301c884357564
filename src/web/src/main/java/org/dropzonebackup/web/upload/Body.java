package org.dropzonebackup.web.upload;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The body of a request, which is read as far as it is there, without waiting. Belongs to its {@link Upload}; not safe for threads. */
final class Body {

    /** A client that sends a few bytes at a time, without end, keeps nobody waiting for longer. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Optional<MethodHandle> READ_BUFFER = readBuffer();
    /** Bytes; containers read no more at once. */
    private static final int ARRAY = 16 * 1024;

    private final ServletInputStream in;
    /** Null until it is needed: on containers that read into arrays only, for buffers that are none. */
    private byte[] array;
    private boolean fast;

    Body(final HttpServletRequest request) throws IOException {
        this.in = request.getInputStream();
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
            // Only a stream that is not ready has the container tell when there is more. One that is may hold but a part of the
            // body's framing: Tomcat reads nothing then, and has to be asked again
            if (!in.isReady() || readStream(buffer) < 0) {
                return false;
            }
            if (System.nanoTime() - began > TURN_NANOS) {
                return true;
            }
        }
        fast = true;
        return true;
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
