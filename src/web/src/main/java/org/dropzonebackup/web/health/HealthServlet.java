package org.dropzonebackup.web.health;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Supplier;
import org.dropzonebackup.web.health.Health.State;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.ReadingServlet;

/** {@code GET /health}: 200 if uploads are taken, else 503, with one word of why. Anybody may ask. */
public final class HealthServlet extends ReadingServlet {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<State> state;

    /**
     * @param state is asked each time, and waits for nothing
     * @param early refuses other methods
     */
    public HealthServlet(final Supplier<State> state, final EarlyAnswer early) {
        super(early);
        this.state = state;
    }

    @Override
    protected void answer(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final State now = state.get();
        Answers.write(response, now == State.OK ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "application/json", "{\"status\":\"" + now.name().toLowerCase(Locale.ROOT) + "\"}\n");
    }
}
