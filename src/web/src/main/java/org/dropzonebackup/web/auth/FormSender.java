package org.dropzonebackup.web.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dropzonebackup.core.auth.Credentials;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * Checks the sender of the page's form, whose credentials are in the body. There is no challenge by {@code WWW-Authenticate}:
 * a browser would ask with a window of its own.
 */
public final class FormSender {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(FormSender.class.getName()));

    private final Logins logins;
    private final ClientAddress address;
    private final Optional<AnonymousAccess> anonymous;

    /**
     * @param logins tells whose credentials these are
     * @param address tells where a request came from
     * @param anonymous where anonymous uploads come in, if they are on
     */
    public FormSender(final Logins logins, final ClientAddress address, final Optional<AnonymousAccess> anonymous) {
        this.logins = logins;
        this.address = address;
        this.anonymous = anonymous;
    }

    /**
     * Checks at once, or on another thread if a password has to be hashed. Either {@code admitted} or {@code refused} is
     * called, once.
     *
     * @param user as it was typed, perhaps empty
     * @param password as it was typed, perhaps empty
     * @param admitted told where the files go
     * @param refused told why the files are refused, or could not be taken
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
        final InetAddress from = address.of(request);
        logins.judge(new Credentials(user.strip(), password), from, Problem.forbidden())
                .thenAccept(outcome -> outcome.user().ifPresentOrElse(
                        found -> admit(Logins.boxOf(found, from), admitted, refused),
                        () -> refused.accept(outcome.refusal().orElseThrow())));
    }

    /** If the files cannot be taken, as when no thread can be started, the sender is told so. */
    private static void admit(final DropBox box, final Consumer<DropBox> admitted, final Consumer<Problem> refused) {
        try {
            admitted.accept(box);
        } catch (final RuntimeException | Error e) {
            FAULTS.report(Level.ERROR, "a form could not be taken", e);
            refused.accept(Problem.failure(e, false));
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
        admit(box, admitted, refused);
    }
}
