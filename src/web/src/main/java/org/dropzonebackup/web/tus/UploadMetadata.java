package org.dropzonebackup.web.tus;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.HeaderText;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.upload.Upload;

/**
 * The parsed {@code Upload-Metadata}: what a client says of its file.
 *
 * @param values by key
 */
record UploadMetadata(Map<String, String> values) {

    /** It is sent back with each answer, whose head has at most 8 KiB in containers with their defaults. */
    private static final int MOST_CHARACTERS = 7 * 1024;
    private static final Pattern PAIR = Pattern.compile("([\\x21-\\x2b\\x2d-\\x7e]+)(?: +([A-Za-z0-9+/]*={0,2}))?");

    /**
     * @param header as it came; empty: there is none
     * @throws RefusedException with {@link Malformed} if it is too long or cannot be read, or a key stands there twice
     */
    static UploadMetadata parse(final String header) throws RefusedException {
        if (header.length() > MOST_CHARACTERS) {
            throw malformed(String.format(Locale.ROOT, "limit %,d characters, got %,d", MOST_CHARACTERS, header.length()));
        }
        final Map<String, String> values = new LinkedHashMap<>();
        for (final String pair : header.isBlank() ? new String[0] : header.split(",", -1)) {
            final Matcher matcher = PAIR.matcher(pair.strip());
            if (!matcher.matches()) {
                throw malformed("it must look like: filename BASE64,filetype BASE64");
            }
            if (values.put(matcher.group(1), decode(matcher.group(2))) != null) {
                throw malformed("the key '" + matcher.group(1) + "' stands there twice");
            }
        }
        return new UploadMetadata(values);
    }

    private static String decode(final String value) throws RefusedException {
        try {
            return value == null ? ""
                    : HeaderText.decode(new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1));
        } catch (final IllegalArgumentException e) {
            throw malformed("a value is not base64");
        }
    }

    private static RefusedException malformed(final String why) {
        return Headers.malformed("The Upload-Metadata cannot be read: " + why + ".");
    }

    /**
     * The file's name or path: {@code relativePath}, in which Uppy sends the path of a file of a folder, from {@code /} in older
     * releases; else {@code filename} as tus proposes it, else {@code name} as Uppy calls it. Where there is no path, Uppy sends
     * the text of JavaScript's {@code null}.
     */
    Optional<String> fileName() {
        final Optional<String> path = Optional.ofNullable(values.get("relativePath")).filter(sent -> !sent.equals("null"))
                .map(sent -> sent.replaceFirst("^/", ""));
        return Stream.concat(path.stream(), Stream.of("filename", "name").map(values::get))
                .filter(name -> name != null && !name.isEmpty()).findFirst();
    }
}
