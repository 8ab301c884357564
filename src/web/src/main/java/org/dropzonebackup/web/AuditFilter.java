package org.dropzonebackup.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dropzonebackup.core.log.AuditLine;
import org.dropzonebackup.core.log.AuditLog;
import org.dropzonebackup.web.auth.ClientAddress;
import org.dropzonebackup.web.headers.UploadTarget;
import org.dropzonebackup.web.problem.AuditTrail;

/** Begins the {@link AuditTrail} of each upload. A visitor who only opens the page leaves none. */
final class AuditFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    /** Takes a line for each file of an upload, if it takes DEBUG (FINE) when the application starts. */
    private static final System.Logger UPLOADS = System.getLogger("org.dropzonebackup.uploads");

    private final transient List<Function<HttpServletRequest, Consumer<AuditLine>>> told;
    private final transient ClientAddress address;
    private final transient Clock clock;

    private AuditFilter(final List<Function<HttpServletRequest, Consumer<AuditLine>>> told, final ClientAddress address, final Clock clock) {
        this.told = told;
        this.address = address;
        this.clock = clock;
    }

    /**
     * One that tells metrics, the audit log, and the server's log.
     *
     * @return none if there is nobody to tell
     */
    static Optional<AuditFilter> of(final Optional<Metering> metering, final Optional<AuditLog> audit, final ClientAddress address,
            final Clock clock) {
        final List<Function<HttpServletRequest, Consumer<AuditLine>>> told = new ArrayList<>();
        metering.ifPresent(counting -> told.add(counting::upload));
        audit.ifPresent(log -> told.add(request -> log::append));
        if (UPLOADS.isLoggable(Level.DEBUG)) {
            told.add(request -> line -> UPLOADS.log(Level.DEBUG, line.text()));
        }
        return told.isEmpty() ? Optional.empty() : Optional.of(new AuditFilter(told, address, clock));
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (!reads || !request.getServletPath().equals(Paths.PAGE)) {
            final Consumer<AuditLine> log = told.stream().map(each -> each.apply(request)).reduce(Consumer::andThen).orElseThrow();
            AuditTrail.begin(request, log, clock, address.of(request).getHostAddress(),
                    request.getServletPath().equals(Paths.UPLOADS) ? UploadTarget.sentIn(request) : Optional.empty());
        }
        chain.doFilter(request, response);
    }
}
