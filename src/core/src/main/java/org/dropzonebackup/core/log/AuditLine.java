package org.dropzonebackup.core.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of one file of an upload, for the audit log. Immutable.
 *
 * @param time when it was decided
 * @param outcome {@code stored}, {@code refused} or {@code gone}
 * @param status of HTTP; none if nobody was there to be answered
 * @param user as the client said it, right or wrong; none: anonymous
 * @param address of the client
 * @param name under which it is stored; if it is not, as it was submitted
 * @param size in bytes; if it is not stored, what had come of the whole request's body
 * @param sha256 in hexadecimal, if it is stored
 * @param duration since the request began
 * @param detail a sentence, if it is not stored
 */
public record AuditLine(Instant time, String outcome, OptionalInt status, Optional<String> user, String address,
        Optional<String> name, long size, Optional<String> sha256, Duration duration, Optional<String> detail) {

    /**
     * As a JSON object (RFC 8259) in one line, without its end. What a terminal or a reader of lines would obey, or show
     * as something else than it is, is escaped.
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
                .append(",\"detail\":").append(quoted(detail));
        return json.append('}').toString();
    }

    private static String quoted(final Optional<String> text) {
        return text.map(AuditLine::quoted).orElse("null");
    }

    private static String quoted(final String text) {
        final StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').appendCodePoint(point);
            } else if (isObeyed(point)) {
                for (final char unit : Character.toChars(point)) {
                    quoted.append("\\u%04x".formatted((int) unit));
                }
            } else {
                quoted.appendCodePoint(point);
            }
        });
        return quoted.append('"').toString();
    }

    /** Controls (C0, DEL, C1), line separators, what sets the direction of writing or is invisible, half characters. */
    private static boolean isObeyed(final int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
