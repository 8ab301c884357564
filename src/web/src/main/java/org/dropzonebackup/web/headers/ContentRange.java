package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.upload.Upload;

/**
 * The {@code Content-Range} of a request that begins a file. A piece is refused, since it would be stored as if it were the file
 * (RFC 9110, section 14.5). A range that covers the whole file is accepted; {@code curl -C -} sends one.
 */
public final class ContentRange {

    private static final List<String> HEADERS = List.of("Content-Range", "X-Content-Range");
    private static final Pattern WHOLE = Pattern.compile("bytes[ =]+0-(-?\\d{1,18})/(-?\\d{1,18})", Pattern.CASE_INSENSITIVE);
    /** The length that curl sends if it does not know how much will come. */
    private static final long UNKNOWN = -1;

    private ContentRange() {
    }

    /**
     * Reads the length of the whole file, if there is such a header and it tells.
     *
     * @param known lengths of the file that other headers tell
     * @throws RefusedException with {@link Malformed} if the request carries a piece, or something else than it says
     */
    static OptionalLong whole(final HttpServletRequest request, final OptionalLong... known) throws RefusedException {
        final List<String> values = HEADERS.stream()
                .flatMap(header -> Collections.list(request.getHeaders(header)).stream()).map(String::strip).distinct().toList();
        if (values.isEmpty()) {
            return OptionalLong.empty();
        }
        final Matcher matcher = WHOLE.matcher(values.get(0));
        if (values.size() > 1 || !matcher.matches()) {
            throw piece();
        }
        final long last = Long.parseLong(matcher.group(1));
        final long length = Long.parseLong(matcher.group(2));
        if (last != length - 1 || length < UNKNOWN
                || Stream.of(known).anyMatch(other -> other.isPresent() && other.getAsLong() != length)) {
            throw piece();
        }
        return length == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(length);
    }

    private static RefusedException piece() {
        return Headers.malformed("The Content-Range says that this is a piece of a file, and a piece would be"
                + " stored as if it were the file: send the whole (curl without -C), or resume by tus at /files/ or with"
                + " Upload-Complete and Upload-Offset.");
    }
}
