package org.dropzonebackup.web.resumable;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the header fields of the draft, which are items (RFC 9651, section 3.3). As the draft demands, a field that cannot be read
 * or comes twice is ignored. So are parameters.
 */
final class StructuredFields {

    private static final Pattern BOOLEAN = Pattern.compile(" *\\?([01])(?:;.*)?");
    private static final Pattern SIZE = Pattern.compile(" *([0-9]{1,15})(?:;.*)?");

    private StructuredFields() {
    }

    /** Reads a boolean. */
    static Optional<Boolean> bool(final HttpServletRequest request, final String header) {
        return match(request, header, BOOLEAN).map("1"::equals);
    }

    /** Reads an integer that is not negative. */
    static OptionalLong size(final HttpServletRequest request, final String header) {
        return match(request, header, SIZE).map(Long::valueOf).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Optional<String> match(final HttpServletRequest request, final String header, final Pattern pattern) {
        final List<String> values = Collections.list(request.getHeaders(header));
        final Matcher matcher = pattern.matcher(values.size() == 1 ? values.get(0) : "");
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
