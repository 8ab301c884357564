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
 * How an asynchronous request ends: with an answer, or by the container. Tomcat ends a request whose connection breaks by
 * itself, whoever is at it, and gives all that belongs to it to another one. Belongs to the {@link SerialExecutor} of its
 * {@link Upload}, but for {@link #leaveToContainer}.
 */
final class RequestEnd {

    private static final System.Logger LOG = System.getLogger(RequestEnd.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    private final AsyncContext async;
    private final HttpServletRequest request;
    /** Of the container, and about to end the request; null before that. */
    private volatile Thread ending;

    RequestEnd(final AsyncContext async) {
        this.async = async;
        this.request = (HttpServletRequest) async.getRequest();
    }

    /** What tells the client, and completes the request. */
    @FunctionalInterface
    interface Telling {
        /**
         * @throws IOException if the client is gone
         */
        void run() throws IOException;
    }

    /** To be called first by a thread of the container which tells that the client is gone. Safe for threads. */
    void leaveToContainer() {
        if (EarlyAnswer.isTomcat(request)) {
            ending = Thread.currentThread();
        }
    }

    /**
     * Whether nothing that belongs to the request may be used any more. Not every container tells of it: Tomcat does not if a
     * thread of its own meets what another one has failed at.
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

    /** Ends it with an answer, unless the container does. */
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

    /** Ends it after a fault, whatever of an answer there is. */
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

    /** Ends it and its connection, with a problem for whoever still listens. */
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

    /** Ends it without an answer, which would reach nobody. */
    void unanswered() {
        with(async::complete);
    }

    /** Whether a connection is broken in both directions. */
    static boolean isReset(final Throwable fault) {
        return fault instanceof SocketException || fault instanceof ClosedChannelException
                || fault != null && isReset(fault.getCause());
    }
}
