package org.dropzonebackup.web.headers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * A parsed {@code Content-Disposition} (RFC 6266, RFC 7578). If it has both {@code filename} and {@code filename*}, the latter
 * counts (RFC 6266, section 4.3). A file name that cannot be read is refused: without it the file would be taken for a field,
 * and dropped.
 *
 * @param type in lower case
 * @param name the form field's name, if there is one
 * @param filename as the client meant it, perhaps a whole path, perhaps empty; nothing if there is no such parameter
 */
public record ContentDisposition(String type, Optional<String> name, Optional<String> filename) {

    /** RFC 8187, section 3.2.1, with the second charset of its forerunner, RFC 5987. */
    private static final Pattern EXTENDED = Pattern.compile("(UTF-8|ISO-8859-1)'[^']*'(.*)", Pattern.CASE_INSENSITIVE);
    /** A parameter that is cut in several: RFC 2231, section 3, which RFC 7578 and RFC 8187 do without. */
    private static final Pattern CUT = Pattern.compile("filename\\*\\d+\\*?");
    private static final Pattern HIDDEN = Pattern.compile("(?:^|[;,\\s\"])filename\\*?\\s*=", Pattern.CASE_INSENSITIVE);

    /**
     * @throws RefusedException with {@link Malformed} if there is a file name that cannot be read
     */
    public static ContentDisposition parse(final String header) throws RefusedException {
        final Map<String, String> values = new HashMap<>();
        final List<String> parameters = split(header);
        final boolean typed = parameters.get(0).indexOf('=') < 0;
        for (final String parameter : parameters.subList(typed ? 1 : 0, parameters.size())) {
            final String[] pair = parameter.split("=", 2);
            final String key = pair[0].strip().toLowerCase(Locale.ROOT);
            if (values.put(key, pair.length < 2 ? "" : pair[1].strip()) != null && key.startsWith("filename")) {
                throw malformed("it has the parameter '" + key + "' twice");
            }
            if (CUT.matcher(key).matches()) {
                throw malformed("its file name is cut in several (RFC 2231): send it whole, as filename or filename*");
            }
        }
        final Optional<String> filename = value(values, "filename");
        if (filename.isEmpty() && values.containsKey("filename*")) {
            throw malformed("its filename* must look like UTF-8''NAME, with %XX for all but letters and digits");
        }
        if (filename.isEmpty() && HIDDEN.matcher(header).find()) {
            throw malformed("its file name is no parameter of it: separate parameters by a semicolon, and write a quote in a name as \\\"");
        }
        return new ContentDisposition(typed ? parameters.get(0).strip().toLowerCase(Locale.ROOT) : "", value(values, "name"), filename);
    }

    private static Optional<String> value(final Map<String, String> values, final String key) {
        return Optional.ofNullable(values.get(key + "*")).flatMap(ContentDisposition::decodeExtended)
                .or(() -> Optional.ofNullable(values.get(key)).map(plain -> EncodedWords.decode(unquote(plain))));
    }

    private static Optional<String> decodeExtended(final String value) {
        final Matcher matcher = EXTENDED.matcher(unquote(value));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        final Charset charset = Charset.forName(matcher.group(1));
        final String[] parts = matcher.group(2).split("%", -1);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(parts[0].getBytes(charset));
        try {
            for (final String part : Arrays.asList(parts).subList(1, parts.length)) {
                if (part.length() < 2) {
                    return Optional.empty();
                }
                bytes.write(HexFormat.fromHexDigits(part, 0, 2));
                bytes.writeBytes(part.substring(2).getBytes(charset));
            }
            return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
        } catch (final CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** In a quoted string, {@code \"} and {@code \\} only are escaped: {@code C:\backup} is a path. */
    private static String unquote(final String value) {
        final boolean quoted = value.startsWith("\"");
        final boolean closed = quoted && value.length() > 1 && value.endsWith("\"");
        return value.substring(quoted ? 1 : 0, value.length() - (closed ? 1 : 0)).replaceAll("\\\\([\"\\\\])", "$1");
    }

    /** @return the type, and the parameters */
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

    private static RefusedException malformed(final String why) {
        return Headers.malformed("A Content-Disposition cannot be read: " + why + ".");
    }
}
