package org.dropzonebackup.web.problem;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dropzonebackup.core.refusal.Refusal;

/**
 * An answer that is no success. Immutable.
 *
 * @param status of HTTP
 * @param detail one sentence for the client
 * @param headers that the answer carries besides
 */
public record Problem(int status, String detail, Map<String, String> headers) {

    /** The one place where a refusal of the core becomes a status. */
    private static final Map<Class<? extends Refusal>, Integer> STATUS = Map.ofEntries(
            Map.entry(Refusal.Malformed.class, 400),
            Map.entry(Refusal.NameNotUsable.class, 400),
            Map.entry(Refusal.NoFile.class, 400),
            Map.entry(Refusal.SolutionRefused.class, 403),
            Map.entry(Refusal.NameTaken.class, 409),
            Map.entry(Refusal.NameTwice.class, 409),
            Map.entry(Refusal.TooLarge.class, 413),
            Map.entry(Refusal.DigestMismatch.class, 422),
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

    /** What the client is told of a refusal. */
    public static Problem of(final Refusal refusal) {
        return new Problem(STATUS.get(refusal.getClass()), refusal.sentence(), headers(refusal));
    }

    private static Map<String, String> headers(final Refusal refusal) {
        if (refusal instanceof Refusal.Unavailable unavailable) {
            return retryAfter(unavailable.retryAfter());
        }
        return refusal instanceof Refusal.TooManyUploads tooMany ? retryAfter(tooMany.retryAfter()) : Map.of();
    }

    /** What the client is told of a fault; the log says more. */
    public static Problem failure() {
        return new Problem(500, "The server failed to store this upload; nothing of it was kept. Its log says why.", Map.of());
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
        return new Problem(429, "Too many failed logins: try again in "
                + headers.get("Retry-After") + " seconds.", headers);
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

    /** The body is encoded, and would be stored as something else than the file. */
    public static Problem encoded(final String encoding) {
        return new Problem(415, "A Content-Encoding of '" + encoding + "' is not accepted: send the file as it is.", Map.of());
    }

    /** The client sent nothing for too long, or too little. */
    public static Problem tooSlow() {
        return new Problem(408, "Too few bytes came for too long, and nothing of this upload was kept: send it again.", Map.of());
    }

    private static Map<String, String> retryAfter(final Duration duration) {
        return Map.of("Retry-After", Long.toString(Math.max(1, duration.plusMillis(999).toSeconds())));
    }
}
