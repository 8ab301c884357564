package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The path of a file that follows {@code /upload/} in the path of an upload. It is read from the path as it was sent, because
 * containers differ in how they treat encoded slashes and path parameters. An encoded slash separates names like any other.
 */
public final class UploadTarget {

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");

    private UploadTarget() {
    }

    /**
     * @return the path that follows {@code /upload/}, decoded; nothing if there is none
     * @throws RefusedException with {@link Malformed} if it cannot be read, or one of its names is empty
     */
    static Optional<String> nameIn(final HttpServletRequest request) throws RefusedException {
        final String path = withoutSlash(decode(below(request)));
        if (path.isEmpty()) {
            return Optional.empty();
        }
        if (("/" + path + "/").contains("//")) {
            throw Headers.malformed("A name in the path of this request is empty: send the file to /upload/NAME, or to"
                    + " /upload/DIRECTORY/NAME, with one slash between the names.");
        }
        return Optional.of(path);
    }

    /** The same path whatever it is: one that {@link #nameIn} refuses too, and undecoded if that cannot be done. */
    public static Optional<String> sentIn(final HttpServletRequest request) {
        final String below = below(request);
        String path;
        try {
            path = decode(below);
        } catch (final RefusedException unreadable) {
            path = below;
        }
        return Optional.of(withoutSlash(path)).filter(sent -> !sent.isEmpty());
    }

    /** The relative reference that leads from the path of an upload to that of {@code /upload}, as its client knows them. */
    public static String toUploads(final HttpServletRequest request) {
        return "../".repeat((int) below(request).chars().filter(c -> c == '/').count());
    }

    /** What follows {@code /upload}, without path parameters. */
    private static String below(final HttpServletRequest request) {
        // Tomcat gives the path of the context as it was sent, too, perhaps with empty names
        final long before = Stream.of(bare(request.getContextPath()).split("/")).filter(name -> !name.isEmpty()).count() + 1;
        final String path = bare(request.getRequestURI());
        int end = 0;
        for (long i = 0; i < before; i++) {
            while (end < path.length() && path.charAt(end) == '/') {
                end++;
            }
            while (end < path.length() && path.charAt(end) != '/') {
                end++;
            }
        }
        return path.substring(end);
    }

    private static String withoutSlash(final String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static String bare(final String path) {
        return PARAMETERS.matcher(path).replaceAll("");
    }

    private static String decode(final String path) throws RefusedException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            final char c = path.charAt(i);
            if (c == '%') {
                bytes.write(hexDigit(path, i + 1) << 4 | hexDigit(path, i + 2));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return HeaderText.decode(bytes.toByteArray(), 0, bytes.size());
    }

    private static int hexDigit(final String path, final int index) throws RefusedException {
        final int digit = index < path.length() ? Character.digit(path.charAt(index), 16) : -1;
        if (digit < 0) {
            throw new RefusedException(
                    new Malformed("The path cannot be read: a % is not followed by two hexadecimal digits."));
        }
        return digit;
    }
}
