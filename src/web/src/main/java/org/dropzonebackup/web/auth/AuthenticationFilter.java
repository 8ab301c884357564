package org.dropzonebackup.web.auth;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.auth.Credentials;
import org.dropzonebackup.core.auth.HashingUnavailableException;
import org.dropzonebackup.core.auth.Verdict;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * Judges the method, then the sender of an upload, whose name is the request's {@linkplain
 * HttpServletRequest#getRemoteUser remote user} from then on. A password that has to be hashed is hashed on another thread than
 * the container's, so that guesses keep nobody else waiting.
 */
public final class AuthenticationFilter extends HttpFilter {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(AuthenticationFilter.class.getName()));
    private static final long serialVersionUID = 1L;
    private static final String VERDICT = AuthenticationFilter.class.getName() + ".verdict";

    private final transient Map<String, String> methods;
    private final transient Authenticator authenticator;
    private final transient ClientAddress address;
    private final transient Optional<AnonymousEntrance> anonymous;
    private final transient EarlyAnswer early;
    private final transient Executor hashing;
    private final String dropBoxAttribute;

    /**
     * @param methods that each servlet path allows, separated by commas
     * @param authenticator tells who may upload
     * @param address tells where a request came from
     * @param anonymous where anonymous uploads come in, if they are on
     * @param early refuses
     * @param hashing runs what takes a password hash
     * @param dropBoxAttribute the request attribute in which the {@link DropBox} of the sender is handed on
     */
    public AuthenticationFilter(final Map<String, String> methods, final Authenticator authenticator,
            final ClientAddress address, final Optional<AnonymousEntrance> anonymous, final EarlyAnswer early,
            final Executor hashing, final String dropBoxAttribute) {
        this.methods = methods;
        this.authenticator = authenticator;
        this.address = address;
        this.anonymous = anonymous;
        this.early = early;
        this.hashing = hashing;
        this.dropBoxAttribute = dropBoxAttribute;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        final SubmittedCredentials submitted = SubmittedCredentials.of(request);
        submitted.credentials().ifPresent(sent ->
                AuditTrail.of(request).ifPresent(trail -> trail.sentBy(sent.userName())));
        final String allowed = methods.get(request.getServletPath());
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            act(request.getAttribute(VERDICT), submitted, request, response, chain);
        } else if (!List.of(allowed.split(", ")).contains(request.getMethod())) {
            early.refuse(request, response, Problem.methodNotAllowed(allowed));
        } else if (!submitted.given()) {
            admitAnonymous(request, response, chain);
        } else if (submitted.credentials().isEmpty()) {
            act(new Verdict.Rejected(), submitted, request, response, chain);
        } else {
            judge(submitted, request, response, chain);
        }
    }

    private void admitAnonymous(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (anonymous.isEmpty()) {
            early.refuse(request, response,
                    Problem.unauthorized("Anonymous uploads are not allowed: send a user name and a password."));
            return;
        }
        try {
            request.setAttribute(dropBoxAttribute, anonymous.get().admit(request));
        } catch (final ProblemException e) {
            early.refuse(request, response, e.problem());
            return;
        }
        chain.doFilter(request, response);
    }

    private void judge(final SubmittedCredentials submitted, final HttpServletRequest request,
            final HttpServletResponse response, final FilterChain chain) throws IOException, ServletException {
        final Credentials credentials = submitted.credentials().orElseThrow();
        final InetAddress from = address.of(request);
        Optional<Verdict> known;
        try {
            known = authenticator.remembered(credentials, from);
        } catch (final UsersUnavailableException e) {
            early.refuse(request, response, unavailable(e));
            return;
        }
        if (known.isPresent()) {
            act(known.get(), submitted, request, response, chain);
            return;
        }
        final AsyncContext async = request.startAsync();
        async.setTimeout(0);
        hashing.execute(() -> {
            request.setAttribute(VERDICT, verdict(credentials, from));
            async.dispatch();
        });
    }

    /** A {@link Verdict}, or the {@link Problem} that there is none. */
    private Object verdict(final Credentials credentials, final InetAddress from) {
        try {
            return authenticator.authenticate(credentials, from);
        } catch (final UsersUnavailableException | HashingUnavailableException e) {
            return unavailable(e);
        }
    }

    /** Where the files of a user go. */
    static DropBox boxOf(final User user) {
        return new DropBox(user.directory(), user.quota(), user.minFileSize(), Optional.empty());
    }

    static Problem unavailable(final Exception e) {
        FAULTS.report(Level.ERROR, "uploads are refused: " + e.getMessage());
        return Problem.of(new Unavailable(
                "The server cannot check passwords now: try again later. Its log says why.", Duration.ofSeconds(10)));
    }

    private void act(final Object verdict, final SubmittedCredentials submitted, final HttpServletRequest request,
            final HttpServletResponse response, final FilterChain chain) throws IOException, ServletException {
        if (verdict instanceof Verdict.Accepted accepted) {
            request.setAttribute(dropBoxAttribute, boxOf(accepted.user()));
            chain.doFilter(new Sent(request, accepted.user().name()), response);
        } else if (verdict instanceof Verdict.Throttled throttled) {
            early.refuse(request, response, Problem.tooManyFailures(throttled.retryAfter()));
        } else if (verdict instanceof Problem problem) {
            early.refuse(request, response, problem);
        } else if (submitted.challenge()) {
            early.refuse(request, response, Problem.unauthorized(Problem.forbidden().detail()));
        } else {
            early.refuse(request, response, Problem.forbidden());
        }
    }

    /** A request whose sender is known. */
    private static final class Sent extends HttpServletRequestWrapper {

        private final UserName by;

        Sent(final HttpServletRequest request, final UserName by) {
            super(request);
            this.by = by;
        }

        @Override
        public String getRemoteUser() {
            return by.toString();
        }
    }
}
