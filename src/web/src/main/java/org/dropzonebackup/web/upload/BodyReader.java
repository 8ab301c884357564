package org.dropzonebackup.web.upload;

import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The bytes that the client of one upload sends: read into lent buffers, counted, and timed. Belongs to its {@link Upload};
 * not safe for threads, but for {@link #isTooSlow}.
 */
final class BodyReader {

    private final HttpServletRequest request;
    private final RequestEnd end;
    private final LentBuffers buffers;
    private final MinimumRate minimumRate;
    private final UploadMeter meter;
    /** Null before it is read. */
    private Body body;
    /** Negative if nobody knows. */
    private final long announced;
    private long received;

    /**
     * What came of reading once.
     *
     * @param more whether there may be more at once
     * @param work that has to end before more is read
     * @param gone why the client is gone, if it is
     */
    record Read(boolean more, Optional<Suspension> work, Optional<Exception> gone) {
    }

    BodyReader(final HttpServletRequest request, final RequestEnd end, final LentBuffers buffers, final MinimumRate minimumRate,
            final UploadMeter meter) {
        this.request = request;
        this.announced = request.getContentLengthLong();
        this.end = end;
        this.buffers = buffers;
        this.minimumRate = minimumRate;
        this.meter = meter;
    }

    /** Begins to tell of bytes. */
    void begin(final ReadListener listener) throws IOException {
        body = new Body(request);
        minimumRate.waiting(System.nanoTime());
        body.tell(listener);
        if (body.isFinished()) {
            // Tomcat tells no listener of the end of an empty body that is not set by its own thread
            listener.onAllDataRead();
        }
    }

    boolean hasBegun() {
        return body != null;
    }

    /** Whether all of the body was read. */
    boolean isFinished() {
        return body.isFinished();
    }

    /** Ends the time that is the client's. */
    void stopped() {
        minimumRate.resumed(System.nanoTime());
    }

    /**
     * Reads as much as is there, one buffer at most, and hands it over; nothing while as many buffers are lent as may be.
     */
    Read read(final BodyHandler handler) throws RefusedException, IOException {
        stopped();
        if (end.isLeftToContainer()) {
            return new Read(false, Optional.empty(), Optional.of(new IOException("the container has ended the request")));
        }
        final Optional<Buffers.Buffer> free = buffers.take(body.isFast());
        if (free.isEmpty()) {
            return new Read(false, Optional.empty(), Optional.empty());
        }
        try (Buffers.Buffer buffer = free.get()) {
            boolean more = false;
            Optional<Exception> gone = Optional.empty();
            try {
                more = body.fill(buffer.bytes(), handler.position());
            } catch (final IOException | RuntimeException e) {
                if (e instanceof RuntimeException fault && !end.isLeftToContainer()) {
                    throw fault;
                }
                gone = Optional.of(e);
            }
            final ByteBuffer bytes = buffer.bytes().flip();
            received += bytes.remaining();
            minimumRate.received(bytes.remaining());
            meter.received(bytes.remaining());
            final Optional<Suspension> work = bytes.hasRemaining() ? handler.accept(bytes, buffer) : Optional.empty();
            if (!more && work.isEmpty()) {
                minimumRate.waiting(System.nanoTime());
            }
            return new Read(more, work, gone);
        }
    }

    /** Bytes that came. */
    long received() {
        return received;
    }

    /** Whether as many bytes came as were announced, if any were. */
    boolean isComplete() {
        return announced < 0 || received == announced;
    }

    /** What is wrong with a body that ends here. */
    String cutOff() {
        return announced < 0 ? "The body was cut off, or its framing is malformed, after " + received + " bytes."
                : "The body was cut off: " + announced + " bytes announced, got " + received + ".";
    }

    /** The time in which enough has to come. */
    Duration idleTimeout() {
        return minimumRate.idle();
    }

    /** Whether the client is too slow; to be asked several times within the idle time. */
    boolean isTooSlow() {
        return minimumRate.isTooSlow(System.nanoTime());
    }
}
