package org.dropzonebackup.web.page;

import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Begins and ends CDI's request context around the page, which Faces asks for. Weld's own listener would do so for
 * every upload too, and not at all when an asynchronous request is dispatched to the page; {@code web.xml} tells it to
 * keep out.
 */
public final class PageScope extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final RequestContextController scope = CDI.current().select(RequestContextController.class).get();
        final boolean begun = scope.activate();
        try {
            chain.doFilter(request, response);
        } finally {
            if (begun) {
                scope.deactivate();
            }
        }
    }
}
