package org.dropzonebackup.web.metrics;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.dropzonebackup.core.auth.TokenGate;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ReadingServlet;

/** {@code GET /metrics} with a bearer token (RFC 6750): all metrics, in Prometheus' text format or as OpenMetrics. */
public final class MetricsServlet extends ReadingServlet {

    private static final long serialVersionUID = 1L;
    private static final String SCHEME = "Bearer ";

    private final transient Metrics metrics;
    private final transient TokenGate gate;
    private final transient Function<HttpServletRequest, InetAddress> address;

    /**
     * @param address tells where a request came from
     * @param early refuses
     */
    public MetricsServlet(final Metrics metrics, final TokenGate gate, final Function<HttpServletRequest, InetAddress> address,
            final EarlyAnswer early) {
        super(early);
        this.metrics = metrics;
        this.gate = gate;
        this.address = address;
    }

    @Override
    protected void answer(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final Optional<Problem> refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(request, response, refusal.get());
        } else {
            final Metrics.Page page = metrics.read(request.getHeader("Accept"));
            Answers.write(response, HttpServletResponse.SC_OK, page.type(), page.text());
        }
    }

    private Optional<Problem> refusal(final HttpServletRequest request) {
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
