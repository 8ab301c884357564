package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.web.headers.Submission;

/**
 * {@code POST} and {@code PUT} of {@code /upload} and {@code /upload/PATH}: decides what the headers already decide and
 * leaves the body to an {@link Upload}. Method and sender were judged before.
 */
public final class UploadServlet extends HttpServlet {

    /** Request attribute that says where the uploads of this request go: a {@link DropBox}. */
    public static final String DROP_BOX = "org.dropzonebackup.drop-box";

    private static final long serialVersionUID = 1L;

    private final transient Receiver receiver;
    private final transient UploadContext context;
    private final transient Receipts written;

    /**
     * @param receiver takes the files
     * @param context what all uploads share
     * @param written writes the answers
     */
    public UploadServlet(final Receiver receiver, final UploadContext context, final Receipts written) {
        this.receiver = receiver;
        this.context = context;
        this.written = written;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        take(request, response);
    }

    /**
     * Takes an upload, or refuses it.
     *
     * @throws IOException if the client is gone
     */
    public void take(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        context.takeOrRefuse(request, response, () -> {
            final Submission submission = Submission.of(request);
            final DropBox box = (DropBox) request.getAttribute(DROP_BOX);
            final Optional<String> user = Optional.ofNullable(request.getRemoteUser());
            context.receive(request, (asked, answered, receipts) -> written.write(asked, answered, user, receipts),
                    giveUp -> FileBody.of(submission, receiver.open(box), context.workers()));
        });
    }
}
