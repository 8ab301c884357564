package org.dropzonebackup.web.metrics;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.dropzonebackup.core.auth.TokenGate;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** {@code GET /metrics} with a bearer token (RFC 6750): all metrics, in Prometheus' text format or as OpenMetrics. */
public final class MetricsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String SCHEME = "Bearer ";

    private final transient Metrics metrics;
    private final transient TokenGate gate;
    private final transient Function<HttpServletRequest, InetAddress> address;
    private final transient EarlyAnswer early;

    /**
     * @param address tells where a request came from
     * @param early refuses
     */
    public MetricsServlet(final Metrics metrics, final TokenGate gate, final Function<HttpServletRequest, InetAddress> address,
            final EarlyAnswer early) {
        this.metrics = metrics;
        this.gate = gate;
        this.address = address;
        this.early = early;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final Optional<Problem> refusal = refusal(request);
        if (refusal.isPresent()) {
            early.refuse(request, response, refusal.get());
        } else {
            final Metrics.Page page = metrics.read(request.getHeader("Accept"));
            Answers.write(response, HttpServletResponse.SC_OK, page.type(), page.text());
        }
    }

    private Optional<Problem> refusal(final HttpServletRequest request) {
        if (!READING.contains(request.getMethod())) {
            return Optional.of(Problem.methodNotAllowed("GET, HEAD"));
        }
        final InetAddress from = address.apply(request);
        final Optional<Duration> lockout = gate.lockedOutFor(from);
        if (lockout.isPresent()) {
            return lockout.map(Problem::tooManyTokens);
        }
        final String sent = request.getHeader("Authorization");
        final boolean token = sent != null && sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return token && gate.accepts(sent.substring(SCHEME.length()).strip(), from) ? Optional.empty() : Optional.of(Problem.tokenWanted());
    }
}
