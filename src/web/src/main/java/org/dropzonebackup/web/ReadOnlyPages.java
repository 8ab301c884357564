package org.dropzonebackup.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.util.Locale;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * Lets the container's default servlet serve GET and HEAD only. By itself it would answer a {@code POST} with the page, and the
 * client would take the 200 for a stored file.
 */
final class ReadOnlyPages extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient EarlyAnswer early;

    ReadOnlyPages(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (isUnknownView(request)) {
            early.refuse(request, response, Problem.notFound());
            return;
        }
        final boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (reads || request.getHttpServletMapping().getMappingMatch() != MappingMatch.DEFAULT) {
            chain.doFilter(request, response);
        } else {
            early.refuse(request, response,
                    isThere(request) ? Problem.methodNotAllowed("GET, HEAD") : Problem.notFound());
        }
    }

    /** Faces would look for it, and fail. */
    private static boolean isUnknownView(final HttpServletRequest request) throws IOException {
        return request.getHttpServletMapping().getMappingMatch() == MappingMatch.EXTENSION
                && request.getDispatcherType() == DispatcherType.REQUEST && !isThere(request);
    }

    private static boolean isThere(final HttpServletRequest request) throws IOException {
        final String path = request.getServletPath();
        final String upper = path.toUpperCase(Locale.ROOT);
        return !upper.startsWith("/WEB-INF") && !upper.startsWith("/META-INF")
                && request.getServletContext().getResource(path) != null;
    }
}
