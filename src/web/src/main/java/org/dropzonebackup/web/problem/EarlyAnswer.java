package org.dropzonebackup.web.problem;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers before the body was read, so that the client sees it: many send everything before they read, and try again
 * when the connection is reset. The answer goes out at once; then the body is read and discarded for a bounded time, and
 * the connection closes. Safe for threads.
 */
public final class EarlyAnswer {

    private static final System.Logger LOG = System.getLogger(EarlyAnswer.class.getName());
    /** About what is on its way when a client is answered: one that reads meanwhile stops before more has come. */
    private static final long UNDER_WAY = 256 << 10;

    private final ScheduledExecutorService timer;
    private final Executor endings;
    private final Duration limit;
    private final LongAdder drained = new LongAdder();

    /**
     * @param timer tells when the time is over
     * @param endings ends the reading then, which the timer does not wait for
     * @param limit how long a body is read and discarded
     */
    public EarlyAnswer(final ScheduledExecutorService timer, final Executor endings, final Duration limit) {
        this.timer = timer;
        this.endings = endings;
        this.limit = limit;
    }

    /** Writes the answer. */
    @FunctionalInterface
    public interface Writer {
        /**
         * @throws IOException if the client is gone
         */
        void write(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    /**
     * Refuses a request of which nothing was read.
     *
     * @throws IOException if the client is gone
     */
    public void refuse(final HttpServletRequest request, final HttpServletResponse response, final Problem problem)
            throws IOException {
        AuditTrail.of(request).ifPresent(trail -> trail.refused(problem));
        if (!hasBody(request) || !request.isAsyncSupported()) {
            Answers.write(request, response, problem);
            return;
        }
        final AsyncContext async = request.isAsyncStarted() ? request.getAsyncContext() : request.startAsync();
        async.setTimeout(0);
        send(async, problem);
    }

    /**
     * Refuses an asynchronous request of which nothing was read. A client that learns the same when it asks again is cut off
     * soon: browsers send all of a body before they read, and all of that would come twice.
     *
     * @throws IOException if the client is gone
     */
    public void send(final AsyncContext async, final Problem problem) throws IOException {
        send(async, (request, response) -> Answers.write(request, response, problem),
                problem.isToldAgain() ? UNDER_WAY : Long.MAX_VALUE);
    }

    /**
     * Answers an asynchronous request of which nothing was read.
     *
     * @throws IOException if the client is gone
     */
    public void send(final AsyncContext async, final Writer answer) throws IOException {
        send(async, answer, Long.MAX_VALUE);
    }

    private void send(final AsyncContext async, final Writer answer, final long most) throws IOException {
        final HttpServletRequest request = (HttpServletRequest) async.getRequest();
        if (!hasBody(request)) {
            answer.write(request, (HttpServletResponse) async.getResponse());
            async.complete();
            return;
        }
        final ReadListener drain = begin(async, answer, most);
        if (waitsForContinue(request)) {
            drain.onAllDataRead();
        } else {
            request.getInputStream().setReadListener(drain);
        }
    }

    /**
     * Answers an asynchronous request whose body is being read by a listener already.
     *
     * @return to whom that listener has to hand on all its calls from now on
     * @throws IOException if the client is gone
     */
    public ReadListener begin(final AsyncContext async, final Writer answer) throws IOException {
        return begin(async, answer, Long.MAX_VALUE);
    }

    private ReadListener begin(final AsyncContext async, final Writer answer, final long most) throws IOException {
        final HttpServletRequest request = (HttpServletRequest) async.getRequest();
        final HttpServletResponse response = (HttpServletResponse) async.getResponse();
        closeAfter(request, response);
        if (isTomcat(request) && request.getProtocol().equals("HTTP/1.1")) {
            // Tomcat reads no more of a request once its answer has the length that was announced
            response.setHeader("Transfer-Encoding", "chunked");
        }
        answer.write(request, request.getProtocol().startsWith("HTTP/1") ? response : new Unmeasured(response));
        return drain(request, async::complete, most);
    }

    /**
     * Hands an asynchronous request on to the page, whatever was in its path.
     *
     * @param otherwise answers it where that cannot be, since the container stops
     */
    public static void dispatch(final AsyncContext async, final Writer otherwise) {
        try {
            async.dispatch(FormOutcome.PAGE);
        } catch (final UnsupportedOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "a container that stops finds no servlet any more", e);
            end(async, otherwise);
        } catch (final IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client that waited for the page is gone", e);
        }
    }

    private static void end(final AsyncContext async, final Writer answer) {
        try {
            try {
                answer.write((HttpServletRequest) async.getRequest(), (HttpServletResponse) async.getResponse());
            } finally {
                async.complete();
            }
        } catch (final IOException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client that waited for the page is gone", e);
        }
    }

    /** Says that the connection ends with this answer. In HTTP/2 such an answer is malformed (RFC 9113, section 8.2.2). */
    public static void closeAfter(final HttpServletRequest request, final HttpServletResponse response) {
        if (request.getProtocol().startsWith("HTTP/1")) {
            response.setHeader("Connection", "close");
        }
    }

    /**
     * Discards the rest of a body that is being read by a listener already, for the same bounded time, before its
     * request is answered.
     *
     * @param end runs once, when there is nothing more to read or the time is over
     * @return to whom that listener has to hand on all its calls from now on
     * @throws IOException if the client is gone
     */
    public ReadListener drain(final HttpServletRequest request, final Runnable end) throws IOException {
        return drain(request, end, Long.MAX_VALUE);
    }

    private ReadListener drain(final HttpServletRequest request, final Runnable end, final long most) throws IOException {
        drained.increment();
        final Drain drain = new Drain(request.getInputStream(), end, most);
        drain.endsBy(timer.schedule(() -> end(drain), limit.toMillis(), TimeUnit.MILLISECONDS));
        return drain;
    }

    /** Of how many requests the rest of the body was discarded, or is being discarded. */
    public long drained() {
        return drained.sum();
    }

    private void end(final Drain drain) {
        try {
            endings.execute(drain::complete);
        } catch (final Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "no thread ends a refused request; the timer does", e);
            drain.complete();
        }
    }

    /** Whether a request may have a body: without a length and without chunks there is none (RFC 9112, section 6.3). */
    public static boolean hasBody(final HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null
                || request.getContentLengthLong() < 0 && !request.getProtocol().startsWith("HTTP/1");
    }

    /**
     * Whether the client has been told nothing that makes it send its body. Tomcat tells it before any application is
     * asked; Jetty does when the body is first read.
     */
    private static boolean waitsForContinue(final HttpServletRequest request) {
        return "100-continue".equalsIgnoreCase(request.getHeader("Expect")) && !isTomcat(request);
    }

    /**
     * Whether the container is Tomcat, which ends a request whose connection breaks by itself. Told by what it is made of: what it
     * says of itself is changed by whoever hides its version.
     */
    public static boolean isTomcat(final HttpServletRequest request) {
        return request.getServletContext().getClass().getName().startsWith("org.apache.catalina.");
    }

    /** An answer over HTTP/2: with a length it would end, and Tomcat read no more, when the last byte of it is written. */
    private static final class Unmeasured extends HttpServletResponseWrapper {

        private Unmeasured(final HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setContentLength(final int length) {
            // It ends with the request
        }
    }

    /** Reads and forgets. */
    private static final class Drain implements ReadListener {

        private final ServletInputStream in;
        private final Runnable end;
        private final AtomicBoolean done = new AtomicBoolean();
        /** Keeps the request until it is cancelled; null before it is known. */
        private volatile Future<?> timeIsOver;
        private long left;

        Drain(final ServletInputStream in, final Runnable end, final long most) {
            this.in = in;
            this.end = end;
            this.left = most;
        }

        void endsBy(final Future<?> time) {
            timeIsOver = time;
            if (done.get()) {
                time.cancel(false);
            }
        }

        @Override
        public void onDataAvailable() throws IOException {
            final byte[] scratch = new byte[16 * 1024];
            while (!done.get() && in.isReady()) {
                final int count = in.read(scratch);
                if (count < 0) {
                    return;
                }
                left -= count;
                if (left < 0) {
                    complete();
                }
            }
        }

        @Override
        public void onAllDataRead() {
            complete();
        }

        @Override
        public void onError(final Throwable fault) {
            LOG.log(System.Logger.Level.DEBUG, "a refused client went away", fault);
            complete();
        }

        void complete() {
            if (done.compareAndSet(false, true)) {
                if (timeIsOver != null) {
                    timeIsOver.cancel(false);
                }
                try {
                    end.run();
                } catch (final IllegalStateException e) {
                    LOG.log(System.Logger.Level.DEBUG, "the container has ended the request of a refused client", e);
                }
            }
        }
    }
}
