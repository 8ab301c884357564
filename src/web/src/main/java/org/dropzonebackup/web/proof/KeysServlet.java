package org.dropzonebackup.web.proof;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ReadingServlet;

/** {@code GET /.well-known/jwks.json}: the public keys by which receipts are verified, as a JWK Set (RFC 7517). */
public final class KeysServlet extends ReadingServlet {

    private static final long serialVersionUID = 1L;
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    private final transient SigningKeys keys;

    /**
     * @param early refuses
     */
    public KeysServlet(final SigningKeys keys, final EarlyAnswer early) {
        super(early);
        this.keys = keys;
    }

    @Override
    protected void answer(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final Optional<String> known = keys.publicKeys();
        if (known.isEmpty()) {
            refuse(request, response, Problem.of(
                    new Unavailable("The server has no key that it can use: its log says why.", RETRY_AFTER)));
            return;
        }
        // So long after a new key was begun, receipts may have one that a cache does not know
        response.setHeader("Cache-Control", "public, max-age=300");
        Answers.write(response, HttpServletResponse.SC_OK, "application/jwk-set+json", known.get());
    }
}
