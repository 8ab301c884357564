package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * Refuses paths with a segment {@code .} or {@code ..}, encoded or not. Containers, proxies and this application decode them at
 * different times, so that such a path could lead elsewhere. Clients resolve these segments before they send a request.
 */
final class PlainPaths extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String SLASH = "(?:[/\\\\]|%2f|%5c)";
    private static final Pattern DOTS = Pattern.compile(
            "(?:^|" + SLASH + ")(?:\\.|%2e){1,2}(?:;[^/]*?)?(?:" + SLASH + "|$)", Pattern.CASE_INSENSITIVE);

    private final transient EarlyAnswer early;

    PlainPaths(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (DOTS.matcher(request.getRequestURI()).find()) {
            early.refuse(request, response, new Problem(400, "The path of this request has a segment '.' or '..', written"
                    + " out or encoded: send the file to /upload/NAME.", Map.of()));
        } else {
            chain.doFilter(request, response);
        }
    }
}
