package org.dropzonebackup.web.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.ParameterParser;

/**
 * What a {@code Content-Disposition} says.
 *
 * <p>Each parameter is decoded by Commons FileUpload (RFC 2047 words, RFC 5987 extended values); which of them counts is
 * decided here, as there the last one does and RFC 6266, section 4.3, wants {@code filename*}.
 *
 * @param name the form field's name, if there is one
 * @param filename as the client meant it, perhaps a whole path, perhaps empty; nothing if there is no such parameter
 */
record ContentDisposition(Optional<String> name, Optional<String> filename) {

    private static final Pattern EXTENDED = Pattern.compile("\"?(?:UTF-8|ISO-8859-1)'[^']*'.*", Pattern.CASE_INSENSITIVE);

    /** A word of RFC 2047 with text directly behind it, which its section 5 knows not, and clients send: an extension mostly. */
    private static final Pattern WORD_WITH_TEXT =
            Pattern.compile("(=\\?[^?\\s]++\\?[bq]\\?[^?\\s]*+\\?=)(?=[^\\s\";])", Pattern.CASE_INSENSITIVE);
    /** In no header. Commons FileUpload drops what is not set off by white space. */
    private static final String GAP = " \0 ";

    static ContentDisposition parse(final String header) {
        Optional<String> name = Optional.empty();
        Optional<String> plain = Optional.empty();
        Optional<String> extended = Optional.empty();
        for (final String parameter : split(header)) {
            final int equals = parameter.indexOf('=');
            final String key = equals < 0 ? "" : parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            switch (key) {
                case "name" -> name = Optional.of(unescape(decode(parameter)));
                case "filename" -> plain = Optional.of(unescape(decode(parameter)));
                case "filename*" -> {
                    if (EXTENDED.matcher(parameter.substring(equals + 1).strip()).matches()) {
                        extended = Optional.of(decode(parameter));
                    }
                }
                default -> {
                    // No other parameter says anything to a drop box
                }
            }
        }
        return new ContentDisposition(name, extended.isPresent() ? extended : plain);
    }

    private static String decode(final String parameter) {
        final Map<String, String> decoded =
                new ParameterParser().parse(WORD_WITH_TEXT.matcher(parameter).replaceAll("$1" + GAP), ';');
        final String value = decoded.values().iterator().next();
        return value == null ? "" : value.replace(GAP, "");
    }

    /** In a quoted string, {@code \"} and {@code \\} only: {@code C:\backup} is a path and no escape. */
    private static String unescape(final String value) {
        return value.replaceAll("\\\\([\"\\\\])", "$1");
    }

    private static List<String> split(final String header) {
        final List<String> parameters = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < header.length(); i++) {
            final char c = header.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                parameters.add(header.substring(start, i));
                start = i + 1;
            }
        }
        parameters.add(header.substring(start));
        return parameters;
    }
}
