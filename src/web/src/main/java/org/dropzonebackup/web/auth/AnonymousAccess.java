package org.dropzonebackup.web.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.dropzonebackup.core.challenge.Challenges;
import org.dropzonebackup.core.challenge.HourlyLimit;
import org.dropzonebackup.core.challenge.Solution;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Where uploads without credentials come in: with the solution of a challenge in the header {@code Altcha} (base64 of
 * JSON, as ALTCHA's widget and libraries make it), and not too many from one address. Safe for threads.
 *
 * @param terms where the files go, and what they may be
 * @param limit how many come from one address
 * @param challenges takes solutions; none: they are not asked for
 * @param address tells where a request came from
 */
public record AnonymousAccess(Terms terms, HourlyLimit limit, Optional<Challenges> challenges, ClientAddress address) {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(AnonymousAccess.class.getName()));
    private static final String HEADER = "Altcha";
    private static final int LONGEST_HEADER = 2048;
    private static final Set<String> BEGINNING = Set.of("POST", "PUT");

    /**
     * @param directory as the settings write it
     * @param quota bytes that all files may have together
     * @param maxFileSize bytes that a file may have
     */
    public record Terms(String directory, long quota, long maxFileSize) {
    }

    /**
     * Lets a request in by what its headers say; a solution is used then. What goes on with an upload needs none: who has
     * the address of an upload resource has begun it.
     *
     * @return where its files go
     * @throws ProblemException if it may not
     */
    DropBox admit(final HttpServletRequest request) throws ProblemException {
        if (!BEGINNING.contains(request.getMethod())) {
            return box(address.of(request));
        }
        final Optional<String> solution = Optional.ofNullable(request.getHeader(HEADER));
        if (challenges.isPresent() && solution.isEmpty()) {
            throw new ProblemException(Problem.unauthorized("Send a user name and a password, or solve the challenge of"
                    + " GET /challenge and send its solution as the header Altcha (the README says how)."));
        }
        final DropBox box = admitByAddress(request);
        if (challenges.isPresent()) {
            redeem(solution.get());
        }
        return box;
    }

    /**
     * Lets the page's form in, which can carry no solution.
     *
     * @return where its files go
     * @throws ProblemException if it may not
     */
    DropBox admitForm(final HttpServletRequest request) throws ProblemException {
        if (challenges.isPresent()) {
            throw new ProblemException(new Problem(403, "Without a user name and a password, files can be sent here only"
                    + " where JavaScript is on: the page has to compute something for each of them first.", Map.of()));
        }
        return admitByAddress(request);
    }

    private DropBox admitByAddress(final HttpServletRequest request) throws ProblemException {
        final InetAddress from = address.of(request);
        try {
            limit.check(from);
        } catch (final RefusedException e) {
            throw new ProblemException(Problem.of(e.refusal()));
        }
        return box(from);
    }

    private DropBox box(final InetAddress from) {
        return new DropBox(terms.directory(), OptionalLong.of(terms.quota()), OptionalLong.empty(), Optional.empty(),
                Optional.of(new DropBox.Strangers(terms.maxFileSize(), () -> limit.take(from))), Optional.empty(),
                Optional.of(from.getHostAddress()));
    }

    private void redeem(final String header) throws ProblemException {
        try {
            challenges.orElseThrow().redeem(parse(header));
        } catch (final RefusedException e) {
            throw new ProblemException(Problem.of(e.refusal()));
        } catch (final IOException e) {
            FAULTS.report(Level.ERROR, "anonymous uploads are refused, as used challenges cannot be marked", e);
            throw new ProblemException(Problem.of(new Unavailable(
                    "The server cannot check solutions now: try again later. Its log says why.", Duration.ofSeconds(10))));
        }
    }

    private static Solution parse(final String header) throws ProblemException {
        try {
            if (header.length() > LONGEST_HEADER) {
                throw new IllegalArgumentException("longer than " + LONGEST_HEADER);
            }
            final JSONObject json = new JSONObject(
                    new String(Base64.getDecoder().decode(header.strip()), StandardCharsets.UTF_8));
            return new Solution(json.getString("algorithm"), json.getString("challenge"), json.getLong("number"),
                    json.getString("salt"), json.getString("signature"));
        } catch (final IllegalArgumentException | JSONException unreadable) {
            throw new ProblemException(new Problem(403, "The header Altcha is not the base64 of a JSON object with"
                    + " algorithm, challenge, number, salt and signature.", Map.of()));
        }
    }
}
