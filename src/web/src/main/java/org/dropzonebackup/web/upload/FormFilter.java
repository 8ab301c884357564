package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * Takes the files of the page's form, which is posted to the page itself, as {@code /upload} does, and lets the page answer.
 * A form that another site had a browser send was refused before.
 */
public final class FormFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient Receiver receiver;
    private final transient UploadContext context;
    private final transient FormLogin login;

    /**
     * @param receiver takes the files
     * @param context what all uploads share
     * @param login decides about the sender
     */
    public FormFilter(final Receiver receiver, final UploadContext context, final FormLogin login) {
        this.receiver = receiver;
        this.context = context;
        this.login = login;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            chain.doFilter(request, response);
        } else if (!request.getMethod().equals("POST")) {
            context.early().refuse(request, response, Problem.methodNotAllowed("GET, HEAD, POST"));
        } else if (!Headers.isOfType(request, "multipart/form-data")) {
            context.early().refuse(request, response,
                    new Problem(415, "This form is not sent as multipart/form-data.", Map.of()));
        } else {
            context.takeOrRefuse(request, response, () -> take(request, response));
        }
    }

    private void take(final HttpServletRequest request, final HttpServletResponse response)
            throws RefusedException, ProblemException {
        final Submission submission = Submission.of(request);
        final AsyncContext async = request.startAsync(request, response);
        async.setTimeout(0);
        final MultipartBody body = new MultipartBody(submission.boundary().orElseThrow(), new MultipartBody.Sender(
                new SenderFields(request, login), receiver, submission.announcement()), context.workers());
        new Upload(async, context, new PageAnswer(async, context.early(), body::names)).begin(giveUp -> body);
    }
}
