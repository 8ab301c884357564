package org.dropzonebackup.core.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A line of the audit log: the outcome for one file of an upload. Immutable.
 *
 * @param time when the outcome was decided
 * @param outcome {@code stored}, {@code refused} or {@code gone}
 * @param status the HTTP status; empty if the client had gone away
 * @param user as the client sent it, right or wrong; empty if anonymous
 * @param address of the client
 * @param name under which the file is stored; if it is not stored, as it was submitted
 * @param size of the file in bytes; if it is not stored, the bytes of the request body that had arrived
 * @param sha256 in hexadecimal; empty if the file is not stored
 * @param duration since the request began
 * @param detail why the file is not stored, as a sentence
 * @param request the id of the request that ended the upload
 */
public record AuditLine(Instant time, String outcome, OptionalInt status, Optional<String> user, String address,
        Optional<String> name, long size, Optional<String> sha256, Duration duration, Optional<String> detail,
        String request) {

    /**
     * Formats the line as a JSON object (RFC 8259), without a line end. Characters that a terminal or a log viewer would
     * interpret, or that are invisible, are escaped.
     */
    public String json() {
        final StringBuilder json = new StringBuilder(300);
        json.append("{\"time\":").append(quoted(time.toString()))
                .append(",\"outcome\":").append(quoted(outcome))
                .append(",\"status\":").append(status.isPresent() ? status.getAsInt() : "null")
                .append(",\"user\":").append(quoted(user))
                .append(",\"address\":").append(quoted(address))
                .append(",\"name\":").append(quoted(name))
                .append(",\"size\":").append(size)
                .append(",\"sha256\":").append(quoted(sha256))
                .append(",\"millis\":").append(duration.toMillis())
                .append(",\"detail\":").append(quoted(detail))
                .append(",\"request\":").append(quoted(request)).append('}');
        return json.toString();
    }

    /** The same for people, in one line; what clients have sent is escaped in the same way. */
    public String text() {
        return outcome + name.map(given -> " " + quoted(given)).orElse("") + " of " + user.map(AuditLine::quoted).orElse("anonymous")
                + " from " + address + ": " + size + " bytes in " + duration.toMillis() + " ms"
                + (status.isPresent() ? ", " + status.getAsInt() : "") + detail.map(why -> ", " + quoted(why)).orElse("")
                + ", request " + request;
    }

    private static String quoted(final Optional<String> text) {
        return text.map(AuditLine::quoted).orElse("null");
    }

    private static String quoted(final String text) {
        final StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').appendCodePoint(point);
            } else if (needsEscape(point)) {
                for (final char unit : Character.toChars(point)) {
                    quoted.append("\\u%04x".formatted((int) unit));
                }
            } else {
                quoted.appendCodePoint(point);
            }
        });
        return quoted.append('"').toString();
    }

    /** Control characters (C0, DEL, C1), line separators, invisible and bidirectional formatting, unpaired surrogates. */
    private static boolean needsEscape(final int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
