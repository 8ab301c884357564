package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.FormOutcome;
import org.dropzonebackup.web.problem.Problem;

/**
 * Answers a form with the page that it came from. Browsers read the page after they have sent the whole form, so the rest of a
 * refused form is discarded first, within the same time limit as that of any other upload.
 */
final class PageAnswer implements Answer {

    private final AsyncContext async;
    private final EarlyAnswer early;
    private final Supplier<List<String>> names;

    /**
     * @param names of the files that have begun, as they were submitted
     */
    PageAnswer(final AsyncContext async, final EarlyAnswer early, final Supplier<List<String>> names) {
        this.async = async;
        this.early = early;
        this.names = names;
    }

    @Override
    public void stored(final List<Receipt> receipts) {
        show(HttpServletResponse.SC_OK, new FormOutcome(receipts, List.of(), Optional.empty()));
    }

    @Override
    public void storedBefore(final Receipt receipt) {
        stored(List.of(receipt));
    }

    @Override
    public void refused(final Problem problem) {
        problem.headers().forEach(((HttpServletResponse) async.getResponse())::setHeader);
        show(problem.status(), new FormOutcome(List.of(), List.copyOf(names.get()), Optional.of(problem)));
    }

    @Override
    public void refusedUnread(final Problem problem) {
        refused(problem);
    }

    @Override
    public ReadListener refusedWhileReading(final Problem problem) throws IOException {
        EarlyAnswer.closeAfter((HttpServletRequest) async.getRequest(), (HttpServletResponse) async.getResponse());
        return early.drain((HttpServletRequest) async.getRequest(), () -> refused(problem));
    }

    private void show(final int status, final FormOutcome outcome) {
        ((HttpServletResponse) async.getResponse()).setStatus(status);
        async.getRequest().setAttribute(FormOutcome.ATTRIBUTE, outcome);
        EarlyAnswer.dispatch(async, outcome::write);
    }
}
