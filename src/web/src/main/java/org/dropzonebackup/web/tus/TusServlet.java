package org.dropzonebackup.web.tus;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.receive.ResumableReceiver;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.Refusal.NameTaken;
import org.dropzonebackup.core.refusal.Refusal.PathBlocked;
import org.dropzonebackup.core.refusal.Refusal.UploadUnknown;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.headers.DigestHeaders;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.headers.Precondition;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.pieces.Checksum;
import org.dropzonebackup.web.pieces.OwnUploads;
import org.dropzonebackup.web.pieces.Piece;
import org.dropzonebackup.web.pieces.PieceContent;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.dropzonebackup.web.upload.Receipts;
import org.dropzonebackup.web.upload.Upload;
import org.dropzonebackup.web.upload.UploadContext;

/**
 * Serves uploads by tus: {@code POST} creates one, {@code HEAD} tells its offset, {@code PATCH} appends to it, {@code DELETE}
 * terminates it. Version, method and sender were judged before.
 */
public final class TusServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String PROTOCOL = "tus";
    private static final String PIECE = "application/offset+octet-stream";
    private static final String METADATA = "metadata";
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

    private final transient ResumableReceiver receiver;
    private final transient UploadContext context;
    private final transient Receipts written;

    /**
     * @param receiver keeps the uploads
     * @param context what all uploads share
     * @param written adds receipts to answers
     */
    public TusServlet(final ResumableReceiver receiver, final UploadContext context, final Receipts written) {
        this.receiver = receiver;
        this.context = context;
        this.written = written;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final OwnUploads uploads = OwnUploads.of(request, context, receiver, PROTOCOL);
        context.takeOrRefuse(request, response, () -> {
            switch (request.getMethod()) {
                case "POST" -> create(request, uploads);
                case "HEAD" -> look(uploads, idIn(request));
                case "PATCH" -> append(request, uploads, idIn(request));
                default -> terminate(uploads, idIn(request));
            }
        });
    }

    private static UploadId idIn(final HttpServletRequest request) throws RefusedException {
        return UploadId.parse(request.getPathInfo().substring(1))
                .orElseThrow(() -> new RefusedException(new UploadUnknown()));
    }

    private void create(final HttpServletRequest request, final OwnUploads uploads) throws RefusedException, ProblemException {
        if (request.getHeader("Upload-Concat") != null) {
            // Pieces of a file would be stored as if they were files
            throw Headers.malformed("Parts of a file that are uploaded one beside the other are not put together here: send it in one upload.");
        }
        final OptionalLong length = size(request, "Upload-Length");
        final Optional<String> deferred = Headers.single(request, "Upload-Defer-Length");
        if (length.isPresent() == deferred.isPresent() || !deferred.orElse("1").equals("1")) {
            throw Headers.malformed("Send either Upload-Length, or Upload-Defer-Length: 1 if it is not known yet.");
        }
        final OptionalLong content = PieceContent.sizeOf(request);
        if (content.orElse(1) > 0) {
            requirePiece(request);
        }
        // It is a list (RFC 9110, section 5.3)
        final String metadata = Collections.list(request.getHeaders("Upload-Metadata")).stream()
                .filter(value -> !value.isBlank()).collect(Collectors.joining(","));
        final Submission submission = Submission.ofBeginning(request, UploadMetadata.parse(metadata).fileName(), length);
        final Piece.Place place = new Piece.Place.New(submission, metadata.isEmpty() ? Map.of() : Map.of(METADATA, metadata));
        // Relative to the path of the request: a proxy may know this application by another one
        final String location = request.getRequestURI().endsWith("/") ? "" : "files/";
        uploads.receive(place, new PieceContent(content, OptionalLong.empty(), checksum(request)), new CompleteAtLength(),
                (asked, response, upload, receipts) -> {
                    response.setStatus(HttpServletResponse.SC_CREATED);
                    EarlyAnswer.closeAfter(asked, response);
                    response.setHeader("Location", location + upload.id());
                    tell(asked, response, upload);
                });
    }

    private void append(final HttpServletRequest request, final OwnUploads uploads, final UploadId id)
            throws RefusedException, ProblemException {
        requirePiece(request);
        Precondition.refuseToAdd(request);
        DigestHeaders.refuseOfWhole(request);
        final OptionalLong offset = size(request, "Upload-Offset");
        if (offset.isEmpty()) {
            throw Headers.malformed("Send Upload-Offset: where this piece begins.");
        }
        uploads.receive(new Piece.Place.Known(id, offset.getAsLong()),
                new PieceContent(PieceContent.sizeOf(request), size(request, "Upload-Length"), checksum(request)),
                new CompleteAtLength(), (asked, response, upload, receipts) -> {
                    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                    if (asked.getHeader("Origin") != null) {
                        // It is a browser: its next piece must not come on a used connection, see look
                        EarlyAnswer.closeAfter(asked, response);
                    }
                    tell(asked, response, upload);
                });
    }

    /** The end of a piece by tus: an upload is complete as soon as all its bytes have come. */
    private static final class CompleteAtLength implements Piece.Ending {

        @Override
        public boolean isLast(final Append append) {
            return append.length().equals(OptionalLong.of(append.offset()));
        }

        @Override
        public boolean endsWithTooMuch() {
            return false;
        }

        @Override
        public void refusedForGood() {
            // The status says it
        }

        @Override
        public Problem problem(final Refusal refusal) {
            final Problem problem = Problem.of(refusal);
            return refusal instanceof NameTaken || refusal instanceof PathBlocked
                    ? new Problem(422, problem.detail(), problem.headers(), problem.type()) : problem;
        }
    }

    private void tell(final HttpServletRequest request, final HttpServletResponse response, final UploadResource upload) {
        response.setHeader("Upload-Offset", Long.toString(upload.offset()));
        upload.receipts().ifPresentOrElse(
                receipts -> {
                    response.setHeader("Repr-Digest", Receipts.digest(receipts.get(0)));
                    response.setHeader("Content-Disposition", Receipts.disposition(receipts.get(0)));
                    written.tell(request, response, upload.owner().user(), receipts.get(0));
                },
                () -> response.setDateHeader("Upload-Expires", upload.expires().toEpochMilli()));
    }

    /** Completes an upload of which all came and which could not be completed then: its client takes the offset for the end. */
    private void look(final OwnUploads uploads, final UploadId id) {
        uploads.run(id, () -> uploads.lookAtRest(id), Optional.of(new CompleteAtLength()), (asked, response, upload, receipts) -> {
            response.setStatus(HttpServletResponse.SC_OK);
            // If a used connection breaks, a browser itself sends the piece again, which does not fit any more
            EarlyAnswer.closeAfter(asked, response);
            response.setHeader("Cache-Control", "no-store");
            upload.length().ifPresentOrElse(length -> response.setHeader("Upload-Length", Long.toString(length)),
                    () -> response.setHeader("Upload-Defer-Length", "1"));
            Optional.ofNullable(upload.notes().get(METADATA))
                    .ifPresent(metadata -> response.setHeader("Upload-Metadata", metadata));
            tell(asked, response, upload);
        });
    }

    private static void terminate(final OwnUploads uploads, final UploadId id) {
        uploads.run(id, () -> uploads.cancel(id), Optional.empty(),
                (asked, response, upload, receipts) -> response.setStatus(HttpServletResponse.SC_NO_CONTENT));
    }

    private static Optional<Checksum> checksum(final HttpServletRequest request) throws RefusedException {
        return UploadChecksum.parse(Headers.single(request, "Upload-Checksum"), DigestHeaders.ofPiece(request));
    }

    private static void requirePiece(final HttpServletRequest request) throws ProblemException {
        if (!Headers.isOfType(request, PIECE)) {
            throw new ProblemException(new Problem(415, "Send the content as Content-Type: " + PIECE + ".", Map.of()));
        }
    }

    private static OptionalLong size(final HttpServletRequest request, final String header) throws RefusedException {
        final Optional<String> value = Headers.single(request, header);
        if (value.isPresent() && !SIZE.matcher(value.get()).matches()) {
            throw Headers.malformed(header + " is not a number of bytes.");
        }
        return value.stream().mapToLong(Long::parseLong).findFirst();
    }
}
