package org.dropzonebackup.web.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/** The headers of a part. Lines that are no header are ignored. */
final class PartHeaders {

    private final Map<String, List<String>> values = new TreeMap<>();

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
                headers.values.computeIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    /**
     * The value of a header that says one thing: of two, one would be ignored, which may be the one that names the file.
     *
     * @param name in lower case
     * @throws RefusedException with {@link Malformed} if it is there twice, with different values
     */
    Optional<String> get(final String name) throws RefusedException {
        final List<String> different = all(name).stream().distinct().toList();
        if (different.size() > 1) {
            throw new RefusedException(new Malformed("A part has two different headers '" + name + "': send one."));
        }
        return different.stream().findFirst();
    }

    /**
     * The values of a header that is a list, in any case.
     *
     * @param name in any case
     */
    List<String> all(final String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
