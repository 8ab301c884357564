package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.dropzonebackup.web.auth.ClientAddress;
import org.dropzonebackup.web.problem.RequestId;

/** Gives each request an id, or takes over that of a trusted proxy, and tells the client. */
final class RequestIds extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient ClientAddress address;

    RequestIds(final ClientAddress address) {
        this.address = address;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final Optional<String> told = Optional.ofNullable(request.getHeader(RequestId.HEADER)).filter(id -> address.isProxys(request));
        response.setHeader(RequestId.HEADER, RequestId.give(request, told));
        chain.doFilter(request, response);
    }
}
