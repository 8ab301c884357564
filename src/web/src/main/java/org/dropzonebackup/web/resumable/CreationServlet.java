package org.dropzonebackup.web.resumable;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.receive.ResumableReceiver;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.headers.UploadTarget;
import org.dropzonebackup.web.pieces.OwnUploads;
import org.dropzonebackup.web.pieces.Piece;
import org.dropzonebackup.web.pieces.PieceContent;
import org.dropzonebackup.web.problem.ProblemException;
import org.dropzonebackup.web.upload.Upload;
import org.dropzonebackup.web.upload.UploadContext;
import org.dropzonebackup.web.upload.UploadServlet;

/**
 * Creates an upload resource for an upload of which more will come ({@code Upload-Complete: ?0}), and leaves every other upload
 * to the {@link UploadServlet}. Method and sender were judged before.
 */
public final class CreationServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient ResumableReceiver receiver;
    private final transient UploadContext context;
    private final transient UploadLimits limits;
    private final transient UploadServlet whole;

    /**
     * @param receiver keeps the upload resources
     * @param context what all uploads share
     * @param limits for the answers
     * @param whole takes the other uploads
     */
    public CreationServlet(final ResumableReceiver receiver, final UploadContext context, final UploadLimits limits,
            final UploadServlet whole) {
        this.receiver = receiver;
        this.context = context;
        this.limits = limits;
        this.whole = whole;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final Optional<Boolean> complete = StructuredFields.bool(request, UploadResourceServlet.COMPLETE);
        if (complete.isEmpty() && !StructuredFields.bool(request, "Upload-Incomplete").orElse(false)) {
            whole.take(request, response);
            return;
        }
        limits.tell(response);
        // The answer is about the target of the upload, unless it is about an upload resource
        response.setHeader(UploadResourceServlet.COMPLETE, "?1");
        context.takeOrRefuse(request, response, () -> {
            if (complete.isEmpty()) {
                // A piece of a file would be stored as if it were the file
                throw Headers.malformed("Upload-Incomplete is of an old draft of resumable uploads: say by"
                        + " Upload-Complete: ?0 that more will come.");
            }
            final PieceContent content = PieceHeaders.read(request, 0, complete.get());
            if (complete.get()) {
                request.setAttribute(Submission.LENGTH, content.whole());
                whole.take(request, response);
            } else {
                create(request, content);
            }
        });
    }

    private void create(final HttpServletRequest request, final PieceContent content)
            throws RefusedException, ProblemException {
        final OwnUploads uploads = OwnUploads.of(request, context, receiver, UploadResourceServlet.PROTOCOL);
        final Submission submission = Submission.ofBeginning(request, content.whole());
        // Relative to the path of the request: a proxy may know this application by another one
        final String location = UploadTarget.toUploads(request) + UploadResourceServlet.PATH.substring(1) + "/";
        uploads.receive(new Piece.Place.New(submission, Map.of()), content, new DraftEnding(false, () -> { }),
                (asked, response, upload, receipts) -> {
                    response.setStatus(HttpServletResponse.SC_CREATED);
                    response.setHeader("Location", location + upload.id());
                    UploadResourceServlet.tell(response, limits, upload);
                });
    }
}
