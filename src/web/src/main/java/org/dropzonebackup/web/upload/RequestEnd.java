package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Supplier;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * The end of an asynchronous request: by an answer, or by the container. Tomcat itself ends a request whose connection breaks,
 * whichever thread works on it, and reuses its objects for another request. Called in the serial executor of its {@link Upload},
 * but for {@link #leaveToContainer}.
 */
final class RequestEnd {

    private static final System.Logger LOG = System.getLogger(RequestEnd.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    private final AsyncContext async;
    private final HttpServletRequest request;
    /** The thread of the container that is about to end the request; null before there is one. */
    private volatile Thread ending;

    RequestEnd(final AsyncContext async) {
        this.async = async;
        this.request = (HttpServletRequest) async.getRequest();
    }

    /** Writes the answer, and completes the request. */
    @FunctionalInterface
    interface Telling {
        void run() throws IOException;
    }

    /** Notes that the calling thread is the container's and tells that the client is gone. Safe for threads. */
    void leaveToContainer() {
        if (EarlyAnswer.isTomcat(request)) {
            ending = Thread.currentThread();
        }
    }

    /**
     * Whether the request has been ended by the container, so that nothing of it may be used any more. Tomcat does not always tell
     * the listener that.
     */
    boolean isLeftToContainer() {
        if (ending != null) {
            return ending != Thread.currentThread();
        }
        try {
            async.getRequest();
            return false;
        } catch (final IllegalStateException e) {
            LOG.log(Level.TRACE, "ended by the container", e);
            return true;
        }
    }

    /** Ends the request with an answer, unless the container has ended it. */
    void with(final Telling answer) {
        if (isLeftToContainer()) {
            return;
        }
        try {
            answer.run();
        } catch (final Throwable e) {
            if (e instanceof IOException || isLeftToContainer()) {
                LOG.log(Level.DEBUG, "a client went away before its answer", e);
                complete();
            } else {
                failed(e);
            }
        }
    }

    /** Ends the request after a fault, whatever part of an answer was written. */
    void failed(final Throwable fault) {
        try {
            FAULTS.report(Level.ERROR, "an answer failed", fault);
            final HttpServletResponse response = (HttpServletResponse) async.getResponse();
            if (!response.isCommitted()) {
                // Completed as it is, it would be taken for a success
                response.reset();
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
                EarlyAnswer.closeAfter(request, response);
            }
        } catch (final IllegalStateException e) {
            LOG.log(Level.DEBUG, "the container is answering it", e);
        } finally {
            complete();
        }
    }

    private void complete() {
        try {
            async.complete();
        } catch (final IllegalStateException e) {
            LOG.log(Level.DEBUG, "the container has ended the request of a client that is gone", e);
        }
    }

    /** Ends the request and its connection, with a problem for a client that may still listen. */
    void withProblem(final Supplier<Problem> problem) {
        with(() -> {
            final HttpServletResponse response = (HttpServletResponse) async.getResponse();
            if (response.isCommitted()) {
                // Tomcat has taken the broken connection for a broken request, and is going to say so
                request.setAttribute(Answers.INSTEAD, problem.get());
            } else {
                EarlyAnswer.closeAfter(request, response);
                Answers.write(request, response, problem.get());
            }
            async.complete();
        });
    }

    /** Ends the request without an answer, since that would reach nobody. */
    void unanswered() {
        with(async::complete);
    }

    /** Whether a fault says that a connection is broken in both directions. */
    static boolean isReset(final Throwable fault) {
        return fault instanceof SocketException || fault instanceof ClosedChannelException
                || fault != null && isReset(fault.getCause());
    }
}
