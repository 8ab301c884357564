package org.dropzonebackup.web.auth;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * Checks the method and the sender of an upload, and passes the request on to the servlet that handles it. That servlet finds
 * the sender's name as the request's {@linkplain HttpServletRequest#getRemoteUser remote user}.
 *
 * <p>It calls that servlet itself, also after a password was hashed on another thread. A container's dispatch would resolve the
 * path of the request a second time, and an ambiguous path to another servlet.
 */
public final class AuthenticationServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Entrance entrance;
    private final transient Servlet next;
    private final String allowed;

    /**
     * What all ways in have in common.
     *
     * @param logins tells whose credentials these are
     * @param address tells where a request came from
     * @param anonymous where anonymous uploads come in, if they are on
     * @param early refuses
     * @param dropBoxAttribute the request attribute in which the {@link DropBox} of the sender is handed on
     */
    public record Entrance(Logins logins, ClientAddress address, Optional<AnonymousAccess> anonymous, EarlyAnswer early,
            String dropBoxAttribute) {
    }

    /**
     * @param allowed methods, separated by commas
     * @param next takes the requests that are let in; never initialised
     */
    public AuthenticationServlet(final Entrance entrance, final String allowed, final Servlet next) {
        this.entrance = entrance;
        this.allowed = allowed;
        this.next = next;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response)
            throws IOException, ServletException {
        final SubmittedCredentials submitted = SubmittedCredentials.of(request);
        submitted.credentials().ifPresent(sent ->
                AuditTrail.of(request).ifPresent(trail -> trail.sentBy(sent.userName())));
        if (!List.of(allowed.split(", ")).contains(request.getMethod())) {
            entrance.early().refuse(request, response, Problem.methodNotAllowed(allowed));
        } else if (!submitted.given()) {
            admitAnonymous(request, response);
        } else {
            judge(submitted, request, response);
        }
    }

    private void admitAnonymous(final HttpServletRequest request, final HttpServletResponse response)
            throws IOException, ServletException {
        try {
            final AnonymousAccess anonymous = entrance.anonymous().orElseThrow(() -> new ProblemException(
                    Problem.unauthorized("Send a user name and a password: nobody is let in without.")));
            request.setAttribute(entrance.dropBoxAttribute(), anonymous.admit(request));
        } catch (final ProblemException e) {
            entrance.early().refuse(request, response, e.problem());
            return;
        }
        next.service(request, response);
    }

    private void judge(final SubmittedCredentials submitted, final HttpServletRequest request,
            final HttpServletResponse response) throws IOException, ServletException {
        final Problem wrong = submitted.challenge() ? Problem.unauthorized(Problem.forbidden().detail()) : Problem.forbidden();
        if (submitted.credentials().isEmpty()) {
            entrance.early().refuse(request, response, wrong);
            return;
        }
        final InetAddress from = entrance.address().of(request);
        final CompletableFuture<Logins.Outcome> outcome = entrance.logins().judge(submitted.credentials().get(), from, wrong);
        if (outcome.isDone()) {
            act(outcome.join(), from, request, response);
        } else {
            final JudgedRequest judged = new JudgedRequest(request);
            outcome.thenAccept(later -> judged.goOn(response, () -> act(later, from, judged, response)));
        }
    }

    private void act(final Logins.Outcome outcome, final InetAddress from, final HttpServletRequest request,
            final HttpServletResponse response) throws IOException, ServletException {
        if (outcome.refusal().isPresent()) {
            entrance.early().refuse(request, response, outcome.refusal().get());
        } else {
            final User user = outcome.user().orElseThrow();
            request.setAttribute(entrance.dropBoxAttribute(), Logins.boxOf(user, from));
            next.service(new Sent(request, user.name()), response);
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
