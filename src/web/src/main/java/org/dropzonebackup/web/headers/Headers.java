package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/** Rules that hold for all headers of requests and of parts. */
public final class Headers {

    private static final Set<String> NO_ENCODINGS = Set.of("", "identity", "7bit", "8bit", "binary");

    private Headers() {
    }

    /** All values of the headers of a name. */
    public static Function<String, List<String>> of(final HttpServletRequest request) {
        return name -> Collections.list(request.getHeaders(name));
    }

    /**
     * The value of a header that may come once.
     *
     * @throws RefusedException with {@link Malformed} if it comes more than once
     */
    public static Optional<String> single(final HttpServletRequest request, final String name) throws RefusedException {
        final List<String> values = of(request).apply(name);
        if (values.size() > 1) {
            throw malformed(name + " was sent more than once: send it once.");
        }
        return values.stream().findFirst();
    }

    /** The media type of a {@code Content-Type}, in lower case and without parameters. */
    public static String mediaType(final String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the content of a request is of a media type, which is given in lower case. */
    public static boolean isOfType(final HttpServletRequest request, final String mediaType) {
        return mediaType(Optional.ofNullable(request.getHeader("Content-Type")).orElse("")).equals(mediaType);
    }

    /** Whether a value of {@code Content-Encoding} or {@code Content-Transfer-Encoding} leaves the content as it is. */
    public static boolean isNoEncoding(final String encoding) {
        return NO_ENCODINGS.contains(encoding.strip().toLowerCase(Locale.ROOT));
    }

    /** The refusal of a request that cannot be understood. */
    public static RefusedException malformed(final String sentence) {
        return new RefusedException(new Malformed(sentence));
    }
}
