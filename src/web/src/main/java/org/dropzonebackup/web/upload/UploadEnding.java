package org.dropzonebackup.web.upload;

import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * What is told of an upload that ends, to the audit log first and then to the client. What resumes is not decided yet, and the
 * audit log is not told. Belongs to its {@link Upload}; not safe for threads.
 */
final class UploadEnding {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Upload.class.getName()));

    private final RequestEnd end;
    private final Answer answer;
    private final BodyReader reader;
    private final Optional<AuditTrail> trail;
    /** Null before it is opened. */
    private BodyHandler handler;

    UploadEnding(final HttpServletRequest request, final RequestEnd end, final Answer answer, final BodyReader reader) {
        this.end = end;
        this.answer = answer;
        this.reader = reader;
        this.trail = AuditTrail.of(request);
    }

    /** The handler is opened. */
    void of(final BodyHandler opened) {
        handler = opened;
    }

    void stored(final List<Receipt> receipts) {
        trail.ifPresent(told -> told.stored(receipts));
        end.with(() -> answer.stored(receipts));
    }

    void storedBefore(final Receipt receipt) {
        trail.ifPresent(told -> told.stored(List.of(receipt)));
        end.with(() -> answer.storedBefore(receipt));
    }

    /** @return who discards what is still coming, if anything is */
    Optional<ReadListener> refused(final Problem problem) {
        tellTrail(told -> told.refused(problem, names(), reader.received()));
        final AtomicReference<ReadListener> drain = new AtomicReference<>();
        end.with(() -> {
            if (!reader.hasBegun()) {
                answer.refusedUnread(problem);
            } else if (reader.isFinished()) {
                answer.refused(problem);
            } else {
                drain.set(answer.refusedWhileReading(problem));
            }
        });
        return Optional.ofNullable(drain.get());
    }

    void tooSlow() {
        final Problem problem = Problem.tooSlow(resumes(), reader.idleTimeout());
        tellTrail(told -> told.refused(problem, names(), reader.received()));
        end.withProblem(() -> problem);
    }

    /** The client is gone; it is answered all the same if its connection may be broken in one direction only. */
    void gone(final Throwable fault) {
        if (RequestEnd.isReset(fault)) {
            tellTrail(told -> told.gone(names(), reader.received()));
            end.unanswered();
        } else {
            givenUp(this::cutOff);
        }
    }

    /** The application stops, or a newer request takes over. */
    void stopping() {
        givenUp(() -> resumes() ? Problem.cutOff() : Problem.of(Suspension.STOPPING));
    }

    void givenUp(final Supplier<Problem> reason) {
        tellTrail(told -> told.gone(names(), reader.received()));
        end.withProblem(reason);
    }

    /** Who sends chunks that nobody can read is still there, and so may be who has sent all that it is going to. */
    Problem cutOff() {
        return resumes() ? Problem.cutOff() : Problem.of(new Malformed(reader.cutOff()));
    }

    /** What the client is told of something that was thrown; a fault goes to the log. */
    Problem problem(final Throwable thrown) {
        if (thrown instanceof RefusedException e) {
            return handler == null ? Problem.of(e.refusal()) : handler.problem(e.refusal());
        } else if (thrown instanceof ProblemException e) {
            return e.problem();
        }
        FAULTS.report(Level.ERROR, "an upload failed", thrown);
        return Problem.failure(thrown, resumes());
    }

    boolean resumes() {
        return handler != null && handler.resumes();
    }

    private void tellTrail(final Consumer<AuditTrail> outcome) {
        if (!resumes()) {
            trail.ifPresent(outcome);
        }
    }

    private List<String> names() {
        return handler == null ? List.of() : handler.names();
    }
}
