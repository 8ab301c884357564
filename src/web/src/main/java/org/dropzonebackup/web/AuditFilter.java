package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dropzonebackup.core.log.AuditLine;
import org.dropzonebackup.web.auth.ClientAddress;
import org.dropzonebackup.web.headers.UploadTarget;
import org.dropzonebackup.web.problem.AuditTrail;

/** Begins the {@link AuditTrail} of each upload. A visitor who only opens the page leaves none. */
final class AuditFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient List<Function<HttpServletRequest, Consumer<AuditLine>>> told;
    private final transient ClientAddress address;
    private final transient Clock clock;
    private final String page;

    /**
     * @param told who are told what becomes of an upload, one at least
     * @param page path of what may be read
     */
    AuditFilter(final List<Function<HttpServletRequest, Consumer<AuditLine>>> told, final ClientAddress address, final Clock clock,
            final String page) {
        this.told = told;
        this.address = address;
        this.clock = clock;
        this.page = page;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (!reads || !request.getServletPath().equals(page)) {
            AuditTrail.begin(request, told.stream().map(each -> each.apply(request)).reduce(Consumer::andThen).orElseThrow(), clock, address.of(request).getHostAddress(),
                    request.getServletPath().equals(Paths.UPLOADS) ? UploadTarget.sentIn(request) : Optional.empty());
        }
        chain.doFilter(request, response);
    }
}
