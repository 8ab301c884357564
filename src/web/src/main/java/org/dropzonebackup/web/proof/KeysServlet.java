package org.dropzonebackup.web.proof;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** {@code GET /.well-known/jwks.json}: the public keys by which receipts are verified, as a JWK Set (RFC 7517). */
public final class KeysServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    private final transient SigningKeys keys;
    private final transient EarlyAnswer early;

    /**
     * @param early refuses
     */
    public KeysServlet(final SigningKeys keys, final EarlyAnswer early) {
        this.keys = keys;
        this.early = early;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        if (!READING.contains(request.getMethod())) {
            early.refuse(request, response, Problem.methodNotAllowed("GET, HEAD"));
            return;
        }
        final Optional<String> known = keys.publicKeys();
        if (known.isEmpty()) {
            early.refuse(request, response, Problem.of(
                    new Unavailable("The server has no key that it can use: its log says why.", RETRY_AFTER)));
            return;
        }
        // So long after a new key was begun, receipts may have one that a cache does not know
        response.setHeader("Cache-Control", "public, max-age=300");
        Answers.write(response, HttpServletResponse.SC_OK, "application/jwk-set+json", known.get());
    }
}
