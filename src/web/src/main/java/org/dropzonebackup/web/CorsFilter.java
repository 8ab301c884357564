package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Lets pages of the named origins upload, by the CORS protocol of the Fetch standard: answers their browsers' preflight requests,
 * and lets them read every answer, refusals too. Whoever sends is told by headers that the page sets, never by a cookie. Other
 * pages are left to {@link ForeignPages}.
 */
final class CorsFilter extends HttpFilter {

    /** Request attribute, which is there if the request comes from a page of a named origin. */
    static final String ALLOWED = "org.dropzonebackup.cors-allowed";

    private static final long serialVersionUID = 1L;
    private static final String ALL = "*";
    private static final String ORIGIN = "Origin";
    /** All that any path knows: where it is the wrong one, the answer says so, and the page can read it. */
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    /** What answers say by headers, other than those that a page may always read. */
    private static final String EXPOSED = "Upload-Offset, Location, Upload-Length, Tus-Version, Tus-Resumable, Tus-Max-Size,"
            + " Tus-Extension, Tus-Checksum-Algorithm, Upload-Metadata, Upload-Defer-Length, Upload-Expires, Upload-Complete,"
            + " Upload-Limit, Accept-Patch, Repr-Digest, Upload-Receipt, Content-Disposition, Retry-After, Allow,"
            + " X-Request-Id";
    /** A day; browsers shorten it. An origin that is not named any more is refused all the same. */
    private static final String MAX_AGE_SECONDS = "86400";

    private final Set<String> origins;

    /**
     * @param origins as browsers send them; {@code *} is all, also those that a browser hides as {@code null}
     */
    CorsFilter(final Set<String> origins) {
        this.origins = origins;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (!response.getHeaders("Vary").contains(ORIGIN)) {
            response.addHeader("Vary", ORIGIN);
        }
        final String origin = request.getHeader(ORIGIN);
        if (origin == null || !origins.contains(ALL) && !origins.contains(origin)) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Access-Control-Allow-Origin", origins.contains(ALL) ? ALL : origin);
        if (request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null) {
            answerPreflight(request, response);
            return;
        }
        response.setHeader("Access-Control-Expose-Headers", EXPOSED);
        request.setAttribute(ALLOWED, Boolean.TRUE);
        chain.doFilter(request, response);
    }

    private static void answerPreflight(final HttpServletRequest request, final HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", METHODS);
        response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        final String headers = request.getHeader("Access-Control-Request-Headers");
        if (headers != null) {
            response.setHeader("Access-Control-Allow-Headers", headers);
        }
    }
}
