package org.dropzonebackup.web.problem;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What can only be read: other methods than GET and HEAD are refused. */
public abstract class ReadingServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient EarlyAnswer early;

    /** @param early refuses */
    protected ReadingServlet(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected final void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            answer(request, response);
        } else {
            refuse(request, response, Problem.methodNotAllowed("GET, HEAD"));
        }
    }

    /** Answers; a container leaves out the body where only the headers are wanted. */
    protected abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** Refuses instead. */
    protected final void refuse(final HttpServletRequest request, final HttpServletResponse response, final Problem problem)
            throws IOException {
        early.refuse(request, response, problem);
    }
}
