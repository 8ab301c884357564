package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * Refuses requests that a page of another origin makes its visitor's browser send. Otherwise any page on the Internet could
 * write into an anonymous box of an intranet. A browser says where a request comes from in {@code Sec-Fetch-Site} (Fetch
 * Metadata); to a site without TLS it sends only {@code Origin}. Programs send neither. Links to the page are followed as ever.
 * Pages that the {@link CorsFilter} allows are let through.
 */
final class ForeignPages extends HttpFilter {

    private static final long serialVersionUID = 1L;
    /** The upload page itself, or an address that somebody typed. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final transient EarlyAnswer early;

    ForeignPages(final EarlyAnswer early) {
        this.early = early;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final boolean onPage = request.getServletPath().equals(Paths.PAGE);
        // A browser asks with OPTIONS whether it may send at all; the answer does not say that it may
        if (onPage && READING.contains(request.getMethod()) || request.getMethod().equals("OPTIONS") || !isForeign(request)) {
            chain.doFilter(request, response);
        } else {
            early.refuse(request, response, new Problem(403, "This was sent by a page of another site: open the upload page"
                    + " itself. (If this is the upload page, a proxy changes Host or Referrer-Policy, and has to pass both on.)", Map.of()));
        }
    }

    private static boolean isForeign(final HttpServletRequest request) {
        if (request.getAttribute(CorsFilter.ALLOWED) != null) {
            return false;
        }
        final String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OWN_SITES.contains(site);
        }
        final String origin = request.getHeader("Origin");
        if (origin == null || origin.equals("null")) {
            // "null" hides an origin, and never the upload page's: see its Referrer-Policy in CommonHeaders
            return origin != null;
        }
        final String from = withoutUsualPort(origin.replaceFirst("^[a-z]+://", ""));
        // No page can send X-Forwarded-Host without a preflight request
        return Stream.of(request.getHeader("Host"), request.getHeader("X-Forwarded-Host"),
                request.getServerName() + ":" + request.getServerPort())
                .filter(Objects::nonNull).noneMatch(host -> withoutUsualPort(host).equals(from));
    }

    private static String withoutUsualPort(final String host) {
        return host.strip().toLowerCase(Locale.ROOT).replaceFirst(":(?:80|443)$", "");
    }
}
