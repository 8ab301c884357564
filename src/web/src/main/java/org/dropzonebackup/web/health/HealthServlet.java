package org.dropzonebackup.web.health;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.dropzonebackup.web.health.Health.State;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** {@code GET /health}: 200 if uploads are taken, else 503, with one word of why. Anybody may ask. */
public final class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final transient Supplier<State> state;
    private final transient EarlyAnswer early;

    /**
     * @param state is asked each time, and waits for nothing
     * @param early refuses other methods
     */
    public HealthServlet(final Supplier<State> state, final EarlyAnswer early) {
        this.state = state;
        this.early = early;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        if (!READING.contains(request.getMethod())) {
            early.refuse(request, response, Problem.methodNotAllowed("GET, HEAD"));
            return;
        }
        final State now = state.get();
        Answers.write(response, now == State.OK ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "application/json", "{\"status\":\"" + now.name().toLowerCase(Locale.ROOT) + "\"}\n");
    }
}
