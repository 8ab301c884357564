package org.dropzonebackup.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.Problem;

/** Answers what the container itself refuses, with the messages and headers of this application. */
final class NotFoundServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(NotFoundServlet.class.getName());

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) {
        if (response.isCommitted()) {
            // The client has its answer, and went away while the rest of its body was discarded
            return;
        }
        final int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        try {
            Answers.write(request, response, request.getAttribute(Answers.INSTEAD) instanceof Problem problem ? problem : problem(status));
        } catch (final IOException e) {
            // A container would say so with all its calls, whenever an upload is cut off
            LOG.log(Level.DEBUG, "a client that is refused is gone", e);
        }
    }

    private static Problem problem(final int status) {
        return switch (status) {
            case 404 -> Problem.notFound();
            case 405 -> Problem.methodNotAllowed("GET, HEAD");
            default -> new Problem(status, "The request was refused (" + status + ").", Map.of());
        };
    }
}
