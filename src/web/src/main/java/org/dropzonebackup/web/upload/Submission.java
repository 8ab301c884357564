package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.BodyParser;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.Reception;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * What the headers of an upload say of its body.
 *
 * @param boundary of a multipart body; none: the body is the file
 * @param announcement of the file, if the body is one; else without a name
 */
public record Submission(Optional<String> boundary, Announcement announcement) {

    private static final String BOUNDARY = "boundary";
    private static final String[] DIGESTS = {"Content-Digest", "Repr-Digest"};

    /**
     * Of a request whose body is all there is.
     *
     * @throws RefusedException if the headers cannot be understood
     * @throws ProblemException if the body is encoded
     */
    static Submission of(final HttpServletRequest request) throws RefusedException, ProblemException {
        final long length = request.getContentLengthLong();
        return of(request, length < 0 ? OptionalLong.empty() : OptionalLong.of(length), DIGESTS);
    }

    /**
     * Of a request whose body may be only the beginning.
     *
     * @param length of all there will be, if it is known
     * @param digests headers with digests of all there will be
     * @throws RefusedException if the headers cannot be understood
     * @throws ProblemException if the body is encoded
     */
    public static Submission of(final HttpServletRequest request, final OptionalLong length, final String... digests)
            throws RefusedException, ProblemException {
        refuseEncoded(request);
        final Optional<String> nameInPath = UploadTarget.nameIn(request);
        final String type = Optional.ofNullable(request.getContentType()).orElse("");
        final String mediaType = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (nameInPath.isEmpty() && (mediaType.equals("multipart/form-data") || mediaType.equals("multipart/mixed"))) {
            return new Submission(Optional.of(boundaryOf(type)),
                    new Announcement(Optional.empty(), length, Map.of(), false));
        }
        final Optional<String> name = nameInPath.isPresent() ? nameInPath : nameInHeader(request);
        return new Submission(Optional.empty(),
                new Announcement(name, length, DigestHeaders.parse(valuesOf(request, digests)), true));
    }

    /** What is stored is the file, or a piece of it, and not something of which it can be made. */
    static void refuseEncoded(final HttpServletRequest request) throws ProblemException {
        final Optional<String> encoding = Collections.list(request.getHeaders("Content-Encoding")).stream()
                .filter(value -> !value.strip().equalsIgnoreCase("identity")).findFirst();
        if (encoding.isPresent()) {
            throw new ProblemException(Problem.encoded(encoding.get()));
        }
    }

    /**
     * @throws RefusedException if the files have no place to go
     * @throws IOException if the store fails
     */
    Intake open(final Receiver receiver, final DropBox box) throws RefusedException, IOException {
        return boundary.isPresent() ? new MultipartBody(boundary.get(), receiver.open(box))
                : new RawBody(receiver.open(box), announcement);
    }

    /** The notes of an upload resource, with what {@link #parser} needs. */
    Map<String, String> notes(final Map<String, String> notes) {
        final Map<String, String> all = new HashMap<>(notes);
        boundary.ifPresent(text -> all.put(BOUNDARY, text));
        return all;
    }

    /** Finds the files in a body that is complete now. */
    static BodyParser parser(final Map<String, String> notes, final Reception reception) {
        final MultipartBody body = new MultipartBody(notes.get(BOUNDARY), reception);
        return new BodyParser() {
            @Override
            public void accept(final ByteBuffer bytes) throws RefusedException, IOException {
                body.accept(bytes, Retainable.NEVER);
            }

            @Override
            public void end() throws RefusedException {
                body.end();
            }
        };
    }

    private static Optional<String> nameInHeader(final HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("Content-Disposition"))
                .map(HeaderText::decode)
                .flatMap(header -> ContentDisposition.parse(header).filename())
                .filter(filename -> !filename.isEmpty());
    }

    private static List<String> valuesOf(final HttpServletRequest request, final String... headers) {
        return Stream.of(headers).flatMap(header -> Collections.list(request.getHeaders(header)).stream()).toList();
    }

    static String boundaryOf(final String contentType) throws RefusedException {
        final ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        final Map<String, String> parameters = parser.parse(contentType, ';');
        final String boundary = parameters.get("boundary");
        if (boundary == null || boundary.length() > 1024) {
            throw new RefusedException(new Malformed("The Content-Type of this multipart body names no usable boundary."));
        }
        return boundary;
    }
}
