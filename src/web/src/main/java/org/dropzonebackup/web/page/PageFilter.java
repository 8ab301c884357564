package org.dropzonebackup.web.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * Refuses requests for the page that carry parameters of Faces: the page keeps no state that could be restored. Any other
 * parameters, such as those that mailing lists add to links, are ignored.
 */
public final class PageFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final int MOST_PARAMETERS = 100;
    private static final char NOT_UTF_8 = '\uFFFD';

    private final transient EarlyAnswer early;

    /**
     * @param early refuses
     */
    public PageFilter(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final String[] query = Optional.ofNullable(request.getQueryString()).orElse("").split("&");
        if (request.getHeader("Faces-Request") != null || query.length > MOST_PARAMETERS
                || Stream.of(query).anyMatch(PageFilter::isForFaces)) {
            early.refuse(request, response, new Problem(400, "The upload page takes no parameters: open it without any.", Map.of()));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isForFaces(final String parameter) {
        try {
            final String name = URLDecoder.decode(parameter, StandardCharsets.UTF_8);
            return name.startsWith("jakarta.faces.") || name.startsWith("javax.faces.") || name.indexOf(NOT_UTF_8) >= 0;
        } catch (final IllegalArgumentException malformed) {
            return true;
        }
    }
}
