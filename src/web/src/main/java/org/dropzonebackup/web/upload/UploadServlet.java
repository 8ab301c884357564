package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.Problem;

/**
 * {@code POST} and {@code PUT} of {@code /upload} and {@code /upload/NAME}: decides what the headers already decide and
 * leaves the body to an {@link Upload}. Method and sender were judged by the filter before.
 */
public final class UploadServlet extends HttpServlet {

    /** Request attribute in which the filter says where the uploads of this request go: a {@link DropBox}. */
    public static final String DROP_BOX = "org.dropzonebackup.drop-box";

    private static final long serialVersionUID = 1L;

    private final transient Receiver receiver;
    private final transient UploadDesk desk;

    /**
     * @param receiver takes the files
     * @param desk what all uploads share
     */
    public UploadServlet(final Receiver receiver, final UploadDesk desk) {
        this.receiver = receiver;
        this.desk = desk;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final Optional<String> encoding = Optional.ofNullable(request.getHeader("Content-Encoding"))
                .filter(value -> !value.strip().equalsIgnoreCase("identity"));
        if (encoding.isPresent()) {
            desk.early().refuse(request, response, Problem.encoded(encoding.get()));
            return;
        }
        try {
            final Optional<String> name = UploadTarget.nameIn(request);
            final String type = Optional.ofNullable(request.getContentType()).orElse("");
            final String mediaType = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (name.isEmpty() && (mediaType.equals("multipart/form-data") || mediaType.equals("multipart/mixed"))) {
                final String boundary = boundaryOf(type);
                start(request, box -> new MultipartBody(boundary, receiver.open(box)));
            } else {
                final Announcement announcement = announcement(request, name);
                start(request, box -> new RawBody(receiver.open(box), announcement));
            }
        } catch (final RefusedException e) {
            desk.early().refuse(request, response, Problem.of(e.refusal()));
        }
    }

    private interface Opening {
        Intake open(DropBox box) throws RefusedException, IOException;
    }

    private void start(final HttpServletRequest request, final Opening opening) {
        final DropBox box = (DropBox) request.getAttribute(DROP_BOX);
        final AsyncContext async = request.startAsync();
        async.setTimeout(0);
        new Upload(async, desk, new Answer.Direct(async, desk.early())).begin(() -> opening.open(box));
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

    private static Announcement announcement(final HttpServletRequest request, final Optional<String> nameInPath)
            throws RefusedException {
        final Optional<String> name = nameInPath.isPresent() ? nameInPath
                : Optional.ofNullable(request.getHeader("Content-Disposition"))
                        .map(HeaderText::decode)
                        .flatMap(header -> ContentDisposition.parse(header).filename())
                        .filter(filename -> !filename.isEmpty());
        final List<String> digests = Stream.of("Content-Digest", "Repr-Digest")
                .flatMap(header -> Collections.list(request.getHeaders(header)).stream())
                .toList();
        final long length = request.getContentLengthLong();
        return new Announcement(
                name, length < 0 ? OptionalLong.empty() : OptionalLong.of(length), DigestHeaders.parse(digests),
                true);
    }
}
