package org.dropzonebackup.web.auth;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.auth.Credentials;
import org.dropzonebackup.core.auth.HashingUnavailableException;
import org.dropzonebackup.core.auth.Verdict;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.dropzonebackup.web.problem.Problem;

/**
 * Checks credentials. Passwords are hashed on threads of their own, not on the container's, so that guesses keep nobody else
 * waiting. Whatever happens there, the outcome is known within a limited time. Safe for threads.
 */
public final class Logins {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Logins.class.getName()));
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final String NOT_NOW = "The server cannot check passwords now: try again later. Its log says why.";

    private final Authenticator authenticator;
    private final Executor hashing;
    private final ScheduledExecutorService timer;
    private final Executor worker;
    private final Duration limit;
    private final Map<Result, LongAdder> results = new EnumMap<>(Map.of(Result.ACCEPTED, new LongAdder(),
            Result.WRONG, new LongAdder(), Result.THROTTLED, new LongAdder(), Result.UNAVAILABLE, new LongAdder()));

    /** What became of a login. */
    public enum Result {
        ACCEPTED, WRONG,
        /** Not checked, since too many from the same address or with the same name were wrong. */
        THROTTLED,
        /** Not checked, for want of time, of a thread or of the users file. */
        UNAVAILABLE
    }

    /**
     * What became of credentials: one of the two is there.
     *
     * @param user whose they are
     * @param refusal what is told of them
     */
    record Outcome(Optional<User> user, Optional<Problem> refusal) {

        static Outcome refused(final Problem problem) {
            return new Outcome(Optional.empty(), Optional.of(problem));
        }
    }

    /**
     * @param authenticator tells who may upload
     * @param hashing runs what takes a password hash
     * @param timer looks at the time, and does nothing else
     * @param worker tells who has waited for too long
     * @param limit how long anybody waits
     */
    public Logins(final Authenticator authenticator, final Executor hashing, final ScheduledExecutorService timer,
            final Executor worker, final Duration limit) {
        this.authenticator = authenticator;
        this.hashing = hashing;
        this.timer = timer;
        this.worker = worker;
        this.limit = limit;
    }

    /**
     * Judges credentials: at once, if no password has to be hashed.
     *
     * @param wrong what is told of wrong ones
     * @return the outcome; it never fails
     */
    CompletableFuture<Outcome> judge(final Credentials credentials, final InetAddress from, final Problem wrong) {
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try {
            final Optional<Verdict> known = authenticator.quickVerdict(credentials, from);
            if (known.isPresent()) {
                tell(outcome, known.get(), wrong);
            } else {
                hash(outcome, credentials, from, wrong);
            }
        } catch (final UsersUnavailableException e) {
            fail(outcome, e);
        }
        return outcome;
    }

    /** How many logins have ended so, remembered passwords included. */
    public long count(final Result result) {
        return results.get(result).sum();
    }

    /** Counted before anybody is told, unless they were before. */
    private void complete(final CompletableFuture<Outcome> outcome, final Result result, final Outcome told) {
        if (!outcome.isDone()) {
            results.get(result).increment();
        }
        outcome.complete(told);
    }

    /**
     * Where the files of a user go.
     *
     * @param from where they come from
     */
    static DropBox boxOf(final User user, final InetAddress from) {
        return new DropBox(user.directory(), user.quota(), user.minFileSize(), user.existing(), Optional.empty(),
                Optional.of(user.name().toString()), Optional.of(from.getHostAddress()));
    }

    private void hash(final CompletableFuture<Outcome> outcome, final Credentials credentials, final InetAddress from,
            final Problem wrong) {
        try {
            final Future<?> end = timer.schedule(() -> refuseLate(outcome), limit.toMillis(), TimeUnit.MILLISECONDS);
            outcome.thenRun(() -> end.cancel(false));
            hashing.execute(() -> {
                // Who is not waiting any more costs no hash
                if (!outcome.isDone()) {
                    verify(outcome, credentials, from, wrong);
                }
            });
        } catch (final RejectedExecutionException stopping) {
            System.getLogger(Logins.class.getName()).log(Level.DEBUG, "a login came while the application stops", stopping);
            refuse(outcome, "The server is shutting down: try again later.");
        } catch (final Throwable e) {
            // No thread can be started, for example
            failUnexpectedly(outcome, e);
        }
    }

    private void refuseLate(final CompletableFuture<Outcome> outcome) {
        final Runnable refusal = () -> refuse(outcome, "The server has too many passwords to check: try again later.");
        try {
            worker.execute(refusal);
        } catch (final Throwable e) {
            FAULTS.report(Level.ERROR, "no thread answers a login that took too long", e);
            refusal.run();
        }
    }

    private void verify(final CompletableFuture<Outcome> outcome, final Credentials credentials, final InetAddress from,
            final Problem wrong) {
        try {
            tell(outcome, authenticator.authenticate(credentials, from), wrong);
        } catch (final UsersUnavailableException | HashingUnavailableException e) {
            fail(outcome, e);
        } catch (final Throwable e) {
            failUnexpectedly(outcome, e);
        }
    }

    private void tell(final CompletableFuture<Outcome> outcome, final Verdict verdict, final Problem wrong) {
        if (verdict instanceof Verdict.Accepted accepted) {
            complete(outcome, Result.ACCEPTED, new Outcome(Optional.of(accepted.user()), Optional.empty()));
        } else if (verdict instanceof Verdict.Throttled throttled) {
            complete(outcome, Result.THROTTLED, Outcome.refused(Problem.tooManyFailures(throttled.retryAfter())));
        } else {
            complete(outcome, Result.WRONG, Outcome.refused(wrong));
        }
    }

    private void fail(final CompletableFuture<Outcome> outcome, final Exception fault) {
        FAULTS.report(Level.ERROR, "uploads are refused: " + fault.getMessage());
        refuse(outcome, NOT_NOW);
    }

    private void failUnexpectedly(final CompletableFuture<Outcome> outcome, final Throwable fault) {
        FAULTS.report(Level.ERROR, "a password could not be checked", fault);
        refuse(outcome, NOT_NOW);
    }

    private void refuse(final CompletableFuture<Outcome> outcome, final String sentence) {
        complete(outcome, Result.UNAVAILABLE, Outcome.refused(Problem.of(new Unavailable(sentence, RETRY_AFTER))));
    }
}
