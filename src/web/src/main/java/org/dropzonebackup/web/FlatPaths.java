package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.dropzonebackup.web.headers.UploadTarget;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** Refuses uploads whose paths have directories, on a server without them. */
final class FlatPaths extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient EarlyAnswer early;

    FlatPaths(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (UploadTarget.sentIn(request).filter(path -> path.contains("/")).isPresent()) {
            early.refuse(request, response, new Problem(400, "This server stores no directories: send the file to /upload/NAME,"
                    + " without a slash in the name.", Map.of()));
        } else {
            chain.doFilter(request, response);
        }
    }
}
