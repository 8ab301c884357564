package org.dropzonebackup.web.upload;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The headers of a part. Lines that are no header are ignored, of a header that comes twice the first counts.
 */
final class PartHeaders {

    private final Map<String, String> values = new TreeMap<>();

    private PartHeaders() {
    }

    /**
     * @param bytes lines that end in CRLF; a line that begins with a blank continues the one before
     * @param length how many of the bytes count
     */
    static PartHeaders parse(final byte[] bytes, final int length) {
        final PartHeaders headers = new PartHeaders();
        final String unfolded = HeaderText.decode(bytes, 0, length).replaceAll("\r\n[ \t]+", " ");
        for (final String line : unfolded.split("\r\n")) {
            final int colon = line.indexOf(':');
            if (colon > 0) {
                headers.values.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    /**
     * @param name in lower case
     */
    Optional<String> get(final String name) {
        return Optional.ofNullable(values.get(name));
    }
}
