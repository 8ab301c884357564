package org.dropzonebackup.web.auth;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.Problem;

/**
 * A request that went on asynchronously until its sender was judged. To whoever takes it then it looks as if it had not
 * begun to: it ends when it was taken and is answered, or else when nobody has begun it once more.
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
     * Goes on, on a thread of the container, and ends the request unless it is taken.
     *
     * @param response which nothing was written to
     */
    void goOn(final HttpServletResponse response, final Rest rest) {
        try {
            async.start(() -> run(response, rest));
        } catch (final RejectedExecutionException stopping) {
            LOG.log(Level.DEBUG, "the container stops", stopping);
            run(response, rest);
        } catch (final IllegalStateException gone) {
            LOG.log(Level.DEBUG, "a client went away before it was let in", gone);
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
