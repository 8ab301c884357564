package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The name in the path of an upload. It is read from the path as it was sent, because containers differ in how they treat
 * encoded slashes and path parameters.
 */
public final class UploadTarget {

    private UploadTarget() {
    }

    /**
     * @return the name that follows {@code /upload/}, decoded; nothing if there is none
     * @throws RefusedException with {@link Malformed} if more than a name follows
     */
    static Optional<String> nameIn(final HttpServletRequest request) throws RefusedException {
        // Tomcat gives the path of the context as it was sent, too
        final int uploads = segments(request.getContextPath()).size() + 1;
        final List<String> rest = segments(request.getRequestURI()).stream().skip(uploads).toList();
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        final String name = decode(rest.get(0));
        if (rest.size() > 1 || name.indexOf('/') >= 0 || request.getRequestURI().endsWith("/")) {
            throw Headers.malformed(
                    "A drop box has no subdirectories: send the file to /upload/NAME, without a slash in the name.");
        }
        return Optional.of(name);
    }

    /** Without path parameters, empty ones left out. */
    private static List<String> segments(final String path) {
        final List<String> segments = new ArrayList<>();
        for (final String segment : path.split("/")) {
            final int parameters = segment.indexOf(';');
            final String bare = parameters < 0 ? segment : segment.substring(0, parameters);
            if (!bare.isEmpty()) {
                segments.add(bare);
            }
        }
        return segments;
    }

    private static String decode(final String segment) throws RefusedException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            final char c = segment.charAt(i);
            if (c == '%') {
                bytes.write(hexDigit(segment, i + 1) << 4 | hexDigit(segment, i + 2));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return HeaderText.decode(bytes.toByteArray(), 0, bytes.size());
    }

    private static int hexDigit(final String segment, final int index) throws RefusedException {
        final int digit = index < segment.length() ? Character.digit(segment.charAt(index), 16) : -1;
        if (digit < 0) {
            throw new RefusedException(
                    new Malformed("The path cannot be read: a % is not followed by two hexadecimal digits."));
        }
        return digit;
    }
}
