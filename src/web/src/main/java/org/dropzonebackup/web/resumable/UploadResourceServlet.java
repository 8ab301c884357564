package org.dropzonebackup.web.resumable;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.ResumableReceiver;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.Refusal.UploadUnknown;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.web.headers.DigestHeaders;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.headers.Precondition;
import org.dropzonebackup.web.pieces.OwnUploads;
import org.dropzonebackup.web.pieces.Piece;
import org.dropzonebackup.web.pieces.PieceContent;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.dropzonebackup.web.upload.Receipts;
import org.dropzonebackup.web.upload.Upload;
import org.dropzonebackup.web.upload.UploadContext;

/**
 * Serves upload resources: {@code HEAD} and {@code GET} tell the offset, {@code PATCH} appends and completes, {@code DELETE}
 * cancels. Method and sender were judged before.
 */
public final class UploadResourceServlet extends HttpServlet {

    /** The servlet path of all upload resources. It is not below {@code /upload}, where everything is the name of a file. */
    public static final String PATH = "/upload-resources";

    static final String PROTOCOL = "http";
    static final String COMPLETE = "Upload-Complete";

    private static final long serialVersionUID = 1L;
    private static final String OFFSET = "Upload-Offset";

    private final transient ResumableReceiver receiver;
    private final transient UploadContext context;
    private final transient UploadLimits limits;
    private final transient Receipts written;

    /**
     * @param receiver keeps the upload resources
     * @param context what all uploads share
     * @param limits for the answers
     * @param written writes the receipts
     */
    public UploadResourceServlet(final ResumableReceiver receiver, final UploadContext context, final UploadLimits limits,
            final Receipts written) {
        this.receiver = receiver;
        this.context = context;
        this.limits = limits;
        this.written = written;
    }

    /** Whether the path can be one of an upload or an upload resource. */
    static boolean isPathOfUploads(final HttpServletRequest request) {
        return !request.getServletPath().equals(PATH)
                || request.getPathInfo() != null && request.getPathInfo().lastIndexOf('/') == 0 && request.getPathInfo().length() > 1;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final OwnUploads uploads = OwnUploads.of(request, context, receiver, PROTOCOL);
        limits.tell(response);
        context.takeOrRefuse(request, response, () -> {
            final UploadId id = UploadId.parse(request.getPathInfo().substring(1))
                    .orElseThrow(() -> new RefusedException(new UploadUnknown()));
            switch (request.getMethod()) {
                case "GET", "HEAD" -> look(request, uploads, id);
                case "PATCH" -> append(request, response, uploads, id);
                default -> cancel(uploads, id);
            }
        });
    }

    private void look(final HttpServletRequest request, final OwnUploads uploads, final UploadId id) throws RefusedException {
        if (StructuredFields.size(request, OFFSET).isPresent() || StructuredFields.bool(request, COMPLETE).isPresent()) {
            throw Headers.malformed("Ask for the offset without saying it: send neither Upload-Offset nor"
                    + " Upload-Complete; or add a piece by PATCH.");
        }
        uploads.run(id, () -> uploads.lookAtRest(id), Optional.empty(), (asked, response, upload, receipts) -> {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            response.setHeader("Cache-Control", "no-store");
            tell(response, limits, upload);
        });
    }

    private void append(final HttpServletRequest request, final HttpServletResponse response, final OwnUploads uploads,
            final UploadId id) throws RefusedException, ProblemException {
        // The answer is about the protocol, unless the upload is complete
        response.setHeader(COMPLETE, "?0");
        if (!Headers.isOfType(request, UploadLimits.PIECE)) {
            throw new ProblemException(new Problem(415, "Send the content as Content-Type: " + UploadLimits.PIECE + ".",
                    Map.of("Accept-Patch", UploadLimits.PIECE)));
        }
        Precondition.refuseToAdd(request);
        DigestHeaders.refuseOfWhole(request);
        final OptionalLong offset = StructuredFields.size(request, OFFSET);
        final Optional<Boolean> complete = StructuredFields.bool(request, COMPLETE);
        if (offset.isEmpty() || complete.isEmpty()) {
            throw Headers.malformed(
                    "Send Upload-Offset: where this piece begins; and Upload-Complete: ?1 with the last one, else ?0.");
        }
        final PieceContent content = PieceHeaders.read(request, offset.getAsLong(), complete.get());
        final DraftEnding end = new DraftEnding(complete.get(), () -> response.setHeader(COMPLETE, "?1"));
        uploads.receive(new Piece.Place.Known(id, offset.getAsLong()), content, end, this::acknowledge);
    }

    private void acknowledge(final HttpServletRequest request, final HttpServletResponse response,
            final UploadResource upload, final List<Receipt> receipts) throws IOException {
        tell(response, limits, upload);
        if (upload.isComplete()) {
            // Perhaps once more, to a client that never got them
            written.write(request, response, upload.owner().user(), upload.receipts().get());
        } else {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    private static void cancel(final OwnUploads uploads, final UploadId id) {
        uploads.run(id, () -> uploads.cancel(id), Optional.empty(),
                (asked, response, upload, receipts) -> response.setStatus(HttpServletResponse.SC_NO_CONTENT));
    }

    /** Tells the state of an upload resource. */
    static void tell(final HttpServletResponse response, final UploadLimits limits, final UploadResource upload) {
        response.setHeader(OFFSET, Long.toString(upload.offset()));
        response.setHeader(COMPLETE, upload.isComplete() ? "?1" : "?0");
        upload.length().ifPresent(length -> response.setHeader("Upload-Length", Long.toString(length)));
        limits.tell(response, upload);
        if (upload.isComplete() && !upload.body()) {
            response.setHeader("Repr-Digest", Receipts.digest(upload.receipts().orElseThrow().get(0)));
        }
    }
}
