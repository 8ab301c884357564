package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * What the headers of an upload say of its body.
 *
 * @param boundary of a multipart body; none: the body is the file
 * @param announcement of the file, if the body is one; else without a name, and of the only file that the body carries
 * @param framed whether the headers tell how long the body is, or that it comes in chunks
 */
public record Submission(Optional<String> boundary, Announcement announcement, boolean framed) {

    /** Request attribute with an {@link OptionalLong}: the length of the body, where a protocol's own header tells it. */
    public static final String LENGTH = "org.dropzonebackup.length";

    private static final System.Logger LOG = System.getLogger(Submission.class.getName());
    private static final String BOUNDARY = "boundary";
    private static final int MOST_BOUNDARY = 1024;
    private static final Set<String> FORMS = Set.of("multipart/form-data", "multipart/mixed");

    /**
     * Reads the headers of a request whose body is complete.
     *
     * @throws RefusedException if the headers cannot be understood, or say that the body is a piece
     * @throws ProblemException if there is no body, it is encoded, or a precondition is not met
     */
    public static Submission of(final HttpServletRequest request) throws RefusedException, ProblemException {
        final boolean framed = request.getContentLengthLong() >= 0 || request.getHeader("Transfer-Encoding") != null;
        if (!framed && request.getProtocol().startsWith("HTTP/1")) {
            throw new ProblemException(Problem.lengthRequired());
        }
        final boolean onlyNew = onlyNew(request);
        final Optional<String> boundary = boundaryIn(request);
        final Map<DigestAlgorithm, byte[]> digests = DigestHeaders.ofAll(Headers.of(request));
        if (boundary.isPresent()) {
            return new Submission(boundary,
                    new Announcement(Optional.empty(), lengthOfOnlyFile(request), digests, false, onlyNew), framed);
        }
        final OptionalLong said = request.getAttribute(LENGTH) instanceof OptionalLong given ? given : OptionalLong.empty();
        final OptionalLong whole = ContentRange.whole(request, contentLength(request), said);
        final OptionalLong length = Stream.of(contentLength(request), whole, said)
                .filter(OptionalLong::isPresent).findFirst().orElse(OptionalLong.empty());
        return new Submission(boundary, new Announcement(nameIn(request), length, digests, true, onlyNew), framed);
    }

    /** A {@code Content-Range} that is not that of the body is that of the file in it. */
    private static OptionalLong lengthOfOnlyFile(final HttpServletRequest request) throws RefusedException {
        final OptionalLong whole = ContentRange.whole(request);
        return whole.equals(contentLength(request)) ? OptionalLong.empty() : whole;
    }

    private static OptionalLong contentLength(final HttpServletRequest request) {
        final long length = request.getContentLengthLong();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    /**
     * Reads the headers of a request whose body may be only the beginning.
     *
     * @param length of the whole content, if it is known
     * @throws RefusedException if the headers cannot be understood, or say that the body is a piece
     * @throws ProblemException if the body is encoded, or a precondition is not met
     */
    public static Submission ofBeginning(final HttpServletRequest request, final OptionalLong length)
            throws RefusedException, ProblemException {
        final Optional<String> boundary = boundaryIn(request);
        return ofBeginning(request, boundary, boundary.isPresent() ? Optional.empty() : nameIn(request), length);
    }

    /**
     * Reads the headers of a request whose body may be only the beginning of the file, where the protocol names the file.
     *
     * @throws RefusedException as the other method does
     * @throws ProblemException as the other method does
     */
    public static Submission ofBeginning(final HttpServletRequest request, final Optional<String> name,
            final OptionalLong length) throws RefusedException, ProblemException {
        return ofBeginning(request, Optional.empty(), name, length);
    }

    private static Submission ofBeginning(final HttpServletRequest request, final Optional<String> boundary,
            final Optional<String> name, final OptionalLong length) throws RefusedException, ProblemException {
        final boolean onlyNew = onlyNew(request);
        ContentRange.whole(request, contentLength(request), length);
        return new Submission(boundary, new Announcement(name, length, DigestHeaders.ofWhole(request), false, onlyNew), true);
    }

    private static boolean onlyNew(final HttpServletRequest request) throws RefusedException, ProblemException {
        refuseEncoded(request);
        PieceFields.refuseIn(request);
        return Precondition.onlyNew(request);
    }

    /** Refuses a body that is encoded: what is stored has to be the file. */
    public static void refuseEncoded(final HttpServletRequest request) throws ProblemException {
        final Optional<String> encoding = Stream.of("Content-Encoding", "Content-Transfer-Encoding")
                .flatMap(header -> Collections.list(request.getHeaders(header)).stream())
                .filter(value -> !Headers.isNoEncoding(value)).findFirst();
        if (encoding.isPresent()) {
            throw new ProblemException(Problem.encoded(encoding.get()));
        }
    }

    /** The boundary of a multipart body, if it is one that carries files. */
    private static Optional<String> boundaryIn(final HttpServletRequest request) throws RefusedException {
        final Optional<String> name = UploadTarget.nameIn(request);
        final List<String> types = Collections.list(request.getHeaders("Content-Type")).stream().distinct().toList();
        if (types.size() > 1) {
            throw Headers.malformed("Two different Content-Type headers were sent: send one.");
        }
        final String type = types.isEmpty() ? "" : types.get(0);
        if (!FORMS.contains(Headers.mediaType(type))) {
            return Optional.empty();
        }
        if (name.isPresent()) {
            throw Headers.malformed("A multipart body goes to /upload, without a name, since each file in it has its own (curl -F);"
                    + " to /upload/NAME goes the file itself (curl -T).");
        }
        return Optional.of(boundaryOf(type));
    }

    /** The notes of an upload resource whose content is such a body, with what {@link #boundaryIn} finds. */
    public Map<String, String> notes(final Map<String, String> notes) {
        final Map<String, String> all = new HashMap<>(notes);
        boundary.ifPresent(text -> all.put(BOUNDARY, text));
        return all;
    }

    /** The boundary of the body that is the content of an upload resource with these notes. */
    public static String boundaryIn(final Map<String, String> notes) {
        return notes.get(BOUNDARY);
    }

    private static Optional<String> nameIn(final HttpServletRequest request) throws RefusedException {
        final Optional<String> inPath = UploadTarget.nameIn(request);
        return inPath.isPresent() ? inPath : nameInHeader(request);
    }

    private static Optional<String> nameInHeader(final HttpServletRequest request) throws RefusedException {
        final Optional<String> header = Headers.single(request, "Content-Disposition");
        return header.isEmpty() ? Optional.empty()
                : ContentDisposition.parse(HeaderText.decode(header.get())).filename().filter(filename -> !filename.isEmpty());
    }

    private static String boundaryOf(final String contentType) throws RefusedException {
        final ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        try {
            final String boundary = parser.parse(contentType, ';').get("boundary");
            if (boundary != null && !boundary.isEmpty() && boundary.length() <= MOST_BOUNDARY) {
                return boundary;
            }
        } catch (final IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "a parameter is an encoded word (RFC 2047) that cannot be decoded", e);
        }
        throw Headers.malformed("The Content-Type of this multipart body names no usable boundary.");
    }
}
