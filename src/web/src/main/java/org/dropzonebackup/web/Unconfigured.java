package org.dropzonebackup.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** Refuses uploads while the settings are wrong: the application does not guess at them. */
final class Unconfigured extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient EarlyAnswer early;

    Unconfigured(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        early.refuse(request, response, Problem.of(new Unavailable(
                "The server is set up wrongly and takes no uploads: its log says why.", Duration.ofMinutes(1))));
    }
}
