package org.dropzonebackup.web.auth;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.dropzonebackup.core.challenge.Challenge;
import org.dropzonebackup.core.challenge.Challenges;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.json.JSONStringer;

/** {@code GET /challenge}: one for an anonymous upload, as ALTCHA's clients read it. */
public final class ChallengeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Challenges challenges;
    private final transient ClientAddress address;
    private final transient EarlyAnswer early;

    /**
     * @param challenges gives them
     * @param address tells where a request came from
     * @param early refuses
     */
    public ChallengeServlet(final Challenges challenges, final ClientAddress address, final EarlyAnswer early) {
        this.challenges = challenges;
        this.address = address;
        this.early = early;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET")) {
            early.refuse(request, response, Problem.methodNotAllowed("GET"));
            return;
        }
        final Challenge given = challenges.issue(address.of(request));
        final String json = new JSONStringer().object().key("algorithm").value(Challenge.ALGORITHM)
                .key("challenge").value(given.challenge()).key("maxnumber").value(given.maxNumber())
                .key("salt").value(given.salt()).key("signature").value(given.signature()).endObject().toString();
        Answers.write(response, HttpServletResponse.SC_OK, "application/json", json);
    }
}
