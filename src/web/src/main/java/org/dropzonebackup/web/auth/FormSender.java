package org.dropzonebackup.web.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.auth.Credentials;
import org.dropzonebackup.core.auth.HashingUnavailableException;
import org.dropzonebackup.core.auth.Verdict;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * Judges who sends the page's form, which has the credentials in its body. Nobody is challenged: a browser would ask
 * with a window of its own.
 */
public final class FormSender {

    private final Authenticator authenticator;
    private final ClientAddress address;
    private final Optional<AnonymousEntrance> anonymous;
    private final Executor hashing;

    /**
     * @param authenticator tells who may upload
     * @param address tells where a request came from
     * @param anonymous where anonymous uploads come in, if they are on
     * @param hashing runs what takes a password hash
     */
    public FormSender(final Authenticator authenticator, final ClientAddress address, final Optional<AnonymousEntrance> anonymous,
            final Executor hashing) {
        this.authenticator = authenticator;
        this.address = address;
        this.anonymous = anonymous;
        this.hashing = hashing;
    }

    /**
     * Judges at once, or on another thread if a password has to be hashed.
     *
     * @param user as it was typed, perhaps empty
     * @param password as it was typed, perhaps empty
     * @param admitted told where the files go; either this or the other is called, once
     * @param refused told why they go nowhere
     */
    public void judge(final HttpServletRequest request, final String user, final String password,
            final Consumer<DropBox> admitted, final Consumer<Problem> refused) {
        if (!user.isBlank()) {
            AuditTrail.of(request).ifPresent(trail -> trail.sentBy(user.strip()));
        }
        if (user.isBlank() && password.isEmpty()) {
            judgeAnonymous(request, admitted, refused);
            return;
        }
        if (user.isBlank() || password.isEmpty()) {
            refused.accept(Problem.forbidden());
            return;
        }
        final Credentials credentials = new Credentials(user.strip(), password);
        final InetAddress from = address.of(request);
        try {
            final Optional<Verdict> known = authenticator.remembered(credentials, from);
            if (known.isPresent()) {
                tell(known.get(), admitted, refused);
            } else {
                hashing.execute(() -> verify(credentials, from, admitted, refused));
            }
        } catch (final UsersUnavailableException e) {
            refused.accept(AuthenticationFilter.unavailable(e));
        }
    }

    private void judgeAnonymous(final HttpServletRequest request, final Consumer<DropBox> admitted,
            final Consumer<Problem> refused) {
        if (anonymous.isEmpty()) {
            refused.accept(new Problem(
                    403, "Anonymous uploads are not allowed: give a user name and a password.", Map.of()));
            return;
        }
        final DropBox box;
        try {
            box = anonymous.get().admitForm(request);
        } catch (final ProblemException e) {
            refused.accept(e.problem());
            return;
        }
        admitted.accept(box);
    }

    private void verify(final Credentials credentials, final InetAddress from, final Consumer<DropBox> admitted,
            final Consumer<Problem> refused) {
        try {
            tell(authenticator.authenticate(credentials, from), admitted, refused);
        } catch (final UsersUnavailableException | HashingUnavailableException e) {
            refused.accept(AuthenticationFilter.unavailable(e));
        }
    }

    private static void tell(final Verdict verdict, final Consumer<DropBox> admitted, final Consumer<Problem> refused) {
        if (verdict instanceof Verdict.Accepted accepted) {
            admitted.accept(AuthenticationFilter.boxOf(accepted.user()));
        } else if (verdict instanceof Verdict.Throttled throttled) {
            refused.accept(Problem.tooManyFailures(throttled.retryAfter()));
        } else {
            refused.accept(Problem.forbidden());
        }
    }
}
