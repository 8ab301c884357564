package org.dropzonebackup.web.auth;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.Problem;

/**
 * A request that became asynchronous while its sender's password was checked. The servlet that handles it next sees a request
 * that is not asynchronous yet: if that servlet calls {@link #startAsync}, it completes the request itself; if not, the
 * request is complete when the servlet returns.
 */
final class JudgedRequest extends HttpServletRequestWrapper {

    private static final System.Logger LOG = System.getLogger(JudgedRequest.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    private final AsyncContext async;
    private boolean taken;

    /** Takes the request from the container. */
    JudgedRequest(final HttpServletRequest request) {
        super(request);
        this.async = request.startAsync();
        // Who judges limits the time, and so does who takes it
        async.setTimeout(0);
    }

    /** What is done with it. */
    @FunctionalInterface
    interface Rest {
        void run() throws IOException, ServletException;
    }

    /**
     * Continues the request on a thread of the container, or on this one if the container has none to give. The request
     * ends afterwards unless somebody has taken it. Nothing is thrown.
     *
     * @param response to which nothing was written
     */
    void goOn(final HttpServletResponse response, final Rest rest) {
        final AtomicBoolean running = new AtomicBoolean();
        final Runnable once = () -> {
            if (running.compareAndSet(false, true)) {
                run(response, rest);
            }
        };
        try {
            async.start(once);
        } catch (final IllegalStateException gone) {
            LOG.log(Level.DEBUG, "a client went away before it was let in", gone);
        } catch (final Throwable refused) {
            // The container stops, or cannot start a thread; it may have queued the task even so
            LOG.log(Level.DEBUG, "the container gives no thread", refused);
            once.run();
        }
    }

    private void run(final HttpServletResponse response, final Rest rest) {
        try {
            rest.run();
            if (!taken) {
                async.complete();
            }
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "a client went away before its answer", e);
            end();
        } catch (final Throwable e) {
            FAULTS.report(Level.ERROR, "a request failed", e);
            tell(response, e);
            end();
        }
    }

    private void tell(final HttpServletResponse response, final Throwable fault) {
        try {
            if (!response.isCommitted()) {
                Answers.write(this, response, Problem.failure(fault, false));
            }
        } catch (final IOException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "a client went away before its answer", e);
        }
    }

    private void end() {
        try {
            async.complete();
        } catch (final IllegalStateException e) {
            LOG.log(Level.DEBUG, "it has ended already", e);
        }
    }

    @Override
    public boolean isAsyncStarted() {
        return taken;
    }

    @Override
    public AsyncContext startAsync() {
        taken = true;
        return async;
    }

    @Override
    public AsyncContext getAsyncContext() {
        return async;
    }
}
