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
 * Refuses what a page of another origin had its visitor's browser send: a browser inside a network must not write into a
 * box of that network for whoever is outside. Browsers say where a request comes from by {@code Sec-Fetch-Site} (Fetch
 * Metadata), and where they do not, as they do not to a site without TLS, by {@code Origin}; programs say nothing. Links
 * from elsewhere lead to the page as ever.
 */
final class ForeignPages extends HttpFilter {

    private static final long serialVersionUID = 1L;
    /** A page of this very origin, or a person. */
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
        // A browser asks by OPTIONS whether it may send at all, and is not told that it may
        if (onPage && READING.contains(request.getMethod()) || request.getMethod().equals("OPTIONS") || !isForeign(request, onPage)) {
            chain.doFilter(request, response);
        } else {
            early.refuse(request, response, new Problem(403, "This was sent by a page of another site: open the upload page"
                    + " itself. (If this is the upload page, a proxy changes Host, and has to pass it on.)", Map.of()));
        }
    }

    private static boolean isForeign(final HttpServletRequest request, final boolean onPage) {
        final String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OWN_SITES.contains(site);
        }
        final String origin = request.getHeader("Origin");
        if (origin == null || onPage && origin.equals("null")) {
            // The page wants no referrers sent, so its own form comes from "null"
            return false;
        }
        final String from = withoutUsualPort(origin.replaceFirst("^[a-z]+://", ""));
        // No page can send X-Forwarded-Host without asking first
        return Stream.of(request.getHeader("Host"), request.getHeader("X-Forwarded-Host"),
                request.getServerName() + ":" + request.getServerPort())
                .filter(Objects::nonNull).noneMatch(host -> withoutUsualPort(host).equals(from));
    }

    private static String withoutUsualPort(final String host) {
        return host.strip().toLowerCase(Locale.ROOT).replaceFirst(":(?:80|443)$", "");
    }
}
