package org.dropzonebackup.web.problem;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.units.DurationText;

/**
 * An answer that is no success. Immutable.
 *
 * @param status of HTTP
 * @param detail one sentence for the client
 * @param headers that the answer carries besides
 * @param type what a program can tell it by, if its status does not say all
 */
public record Problem(int status, String detail, Map<String, String> headers, Optional<Type> type) {

    /**
     * A kind of problem (RFC 9457, section 3.1.1), as JSON tells it.
     *
     * @param uri that names it
     * @param title of all problems of this kind
     * @param members that this one has besides
     */
    public record Type(String uri, String title, Map<String, Long> members) {
    }

    /** A problem whose status says all. */
    public Problem(final int status, final String detail, final Map<String, String> headers) {
        this(status, detail, headers, Optional.empty());
    }

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final String OFFSET = "Upload-Offset";
    private static final String COMPLETE = "Upload-Complete";
    /** It is the protocol that speaks, and not what became of a whole upload. */
    private static final String NOT_COMPLETE = "?0";
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    /** The one place where a refusal of the core becomes a status. */
    private static final Map<Class<? extends Refusal>, Integer> STATUS = Map.ofEntries(
            Map.entry(Refusal.Malformed.class, 400),
            Map.entry(Refusal.NameNotUsable.class, 400),
            Map.entry(Refusal.NoFile.class, 400),
            Map.entry(Refusal.LengthChanged.class, 400),
            Map.entry(Refusal.UploadComplete.class, 400),
            Map.entry(Refusal.SolutionRefused.class, 403),
            Map.entry(Refusal.UploadUnknown.class, 404),
            Map.entry(Refusal.NameTaken.class, 409),
            Map.entry(Refusal.NameTwice.class, 409),
            Map.entry(Refusal.PathBlocked.class, 409),
            Map.entry(Refusal.WrongOffset.class, 409),
            Map.entry(Refusal.NameNotNew.class, 412),
            Map.entry(Refusal.TooLarge.class, 413),
            Map.entry(Refusal.TooSmall.class, 422),
            Map.entry(Refusal.DigestMismatch.class, 422),
            Map.entry(Refusal.UploadBusy.class, 423),
            Map.entry(Refusal.TooManyUploads.class, 429),
            Map.entry(Refusal.DirectoryUnusable.class, 500),
            Map.entry(Refusal.Unavailable.class, 503),
            Map.entry(Refusal.QuotaExceeded.class, 507),
            Map.entry(Refusal.StorageFull.class, 507));

    static {
        final Set<Class<?>> unmapped = Stream.of(Refusal.class.getPermittedSubclasses())
                .filter(type -> !STATUS.containsKey(type))
                .collect(Collectors.toSet());
        if (!unmapped.isEmpty()) {
            throw new IllegalStateException("refusals without a status: " + unmapped);
        }
    }

    /** Whether the client asks anyway what this tells, and is told it then, if it does not see this. */
    boolean isToldAgain() {
        return headers.containsKey(OFFSET);
    }

    /** What the client is told of a refusal. */
    public static Problem of(final Refusal refusal) {
        return new Problem(STATUS.get(refusal.getClass()), refusal.sentence(), headers(refusal), type(refusal));
    }

    private static Map<String, String> headers(final Refusal refusal) {
        if (refusal instanceof Refusal.Unavailable unavailable) {
            return retryAfter(unavailable.retryAfter());
        }
        if (refusal instanceof Refusal.TooManyUploads tooMany) {
            return retryAfter(tooMany.retryAfter());
        }
        if (refusal instanceof Refusal.UploadBusy) {
            return retryAfter(Duration.ofSeconds(1));
        }
        if (refusal instanceof Refusal.WrongOffset offset) {
            return Map.of(OFFSET, Long.toString(offset.expected()), COMPLETE, NOT_COMPLETE);
        }
        return refusal instanceof Refusal.LengthChanged ? Map.of(COMPLETE, NOT_COMPLETE) : Map.of();
    }

    /** Source: draft-ietf-httpbis-resumable-upload-13, section 7. */
    private static Optional<Type> type(final Refusal refusal) {
        if (refusal instanceof Refusal.WrongOffset offset) {
            return Optional.of(new Type(TYPES + "mismatching-upload-offset", "Mismatching Upload Offset",
                    Map.of("expected-offset", offset.expected(), "provided-offset", offset.got())));
        }
        return refusal instanceof Refusal.LengthChanged
                ? Optional.of(new Type(TYPES + "inconsistent-upload-length", "Inconsistent Upload Length Values", Map.of()))
                : Optional.empty();
    }

    /**
     * What the client is told of a fault; the log says more.
     *
     * @param fault what went wrong: one that passes is 503
     * @param resumes whether what had come of the upload stays
     */
    public static Problem failure(final Throwable fault, final boolean resumes) {
        if (fault instanceof StoreBusyException) {
            return new Problem(503, "The server cannot use its storage now; " + kept(resumes) + ".", retryAfter(RETRY_AFTER));
        }
        if (fault instanceof RejectedExecutionException || isWantOfThreads(fault)) {
            return new Problem(503, "The server has no thread for this upload now; " + kept(resumes) + ".", retryAfter(RETRY_AFTER));
        }
        return new Problem(500, "The server failed to store this upload; " + kept(resumes) + ". Its log says why.", Map.of());
    }

    /** The virtual machine has no type of its own for it. */
    private static boolean isWantOfThreads(final Throwable fault) {
        return fault instanceof OutOfMemoryError && String.valueOf(fault.getMessage()).startsWith("unable to create native thread");
    }

    /** No credentials, or wrong ones where a challenge may help. */
    public static Problem unauthorized(final String detail) {
        return new Problem(401, detail, Map.of("WWW-Authenticate", "Basic realm=\"Dropzone Backup\", charset=\"UTF-8\""));
    }

    /** Wrong credentials, whatever is wrong with them. */
    public static Problem forbidden() {
        return new Problem(403, "User name or password is wrong, or this user may not upload.", Map.of());
    }

    /** Too many wrong passwords from one address, or for one user name. */
    public static Problem tooManyFailures(final Duration retryAfter) {
        final Map<String, String> headers = retryAfter(retryAfter);
        return new Problem(429, "Too many failed logins, from your address or for this user name: try again in "
                + headers.get("Retry-After") + " seconds. Until then the right password is refused too, unless it was used from there before.", headers);
    }

    /** No token, or a wrong one. */
    public static Problem tokenWanted() {
        return new Problem(401, "Send the metrics-token of this server as a bearer token.", Map.of("WWW-Authenticate", "Bearer"));
    }

    /** Too many wrong tokens from one address. */
    public static Problem tooManyTokens(final Duration retryAfter) {
        final Map<String, String> headers = retryAfter(retryAfter);
        return new Problem(429, "Too many wrong tokens from your address: try again in " + headers.get("Retry-After")
                + " seconds. Until then the right one is refused too.", headers);
    }

    /** There is nothing at this path. */
    public static Problem notFound() {
        return new Problem(404, "There is nothing here: uploads go to /upload.", Map.of());
    }

    /**
     * @param allowed methods, separated by commas
     */
    public static Problem methodNotAllowed(final String allowed) {
        return new Problem(405, "This method is not allowed here; allowed: " + allowed + ".", Map.of("Allow", allowed));
    }

    /** There is no body, and nobody said that there is none: perhaps the client forgot its file. */
    public static Problem lengthRequired() {
        return new Problem(411, "There is no file in this request: send it with a Content-Length, which is 0 for an empty one,"
                + " or in chunks (with curl: -T FILE).", Map.of());
    }

    /** A condition of the request is not met, so that nothing is done. */
    public static Problem preconditionFailed(final String why) {
        return new Problem(412, "Nothing was stored because of " + why + ".", Map.of());
    }

    /** The body is encoded, and would be stored as something else than the file. */
    public static Problem encoded(final String encoding) {
        return new Problem(415, "This upload is encoded as '" + encoding + "', which is not accepted: send the file as it is.", Map.of());
    }

    /**
     * The client sent nothing for too long, or too little.
     *
     * @param resumes whether what had come of the upload stays
     * @param idle the time in which more had to come
     */
    public static Problem tooSlow(final boolean resumes, final Duration idle) {
        final String detail = "Too few bytes came within " + DurationText.of(idle) + "; " + kept(resumes)
                + ". If the data comes with longer pauses, as from a dump in a pipe, ask the administrator to raise the server's"
                + " setting idle-timeout, for example to " + DurationText.of(idle.multipliedBy(10)) + ", or to lower min-rate.";
        // Clients that can resume do so after a status of the server's own, and hardly one after 408
        return resumes ? new Problem(503, detail, retryAfter(Duration.ZERO)) : new Problem(408, detail, Map.of());
    }

    /** The connection broke under an upload of which what had come stays. Somebody may still listen, as a proxy in between. */
    public static Problem cutOff() {
        return new Problem(503, "The connection broke; " + kept(true) + ".", retryAfter(Duration.ZERO));
    }

    private static String kept(final boolean resumes) {
        return resumes ? "what had come is kept: ask for its offset and go on from there"
                : "nothing of it was kept: send it again";
    }

    private static Map<String, String> retryAfter(final Duration duration) {
        return Map.of("Retry-After", Long.toString(Math.max(1, duration.plusMillis(999).toSeconds())));
    }
}
