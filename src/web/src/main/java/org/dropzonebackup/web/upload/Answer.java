package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** Tells a client what became of its upload. Exactly one of the methods is called, once; the request ends with it. */
interface Answer {

    /** Says that all files are stored; all of the body was read. */
    void stored(List<Receipt> receipts) throws IOException;

    /** Says that this very file was stored before; nothing of the body was read. */
    void storedBefore(Receipt receipt) throws IOException;

    /** Says why nothing is stored; all of the body was read. */
    void refused(Problem problem) throws IOException;

    /** Says why nothing is stored; nothing of the body was read. */
    void refusedUnread(Problem problem) throws IOException;

    /**
     * Says why nothing is stored; the body is still coming.
     *
     * @return who goes on reading: all further calls of the container are handed on to it
     * @throws IOException if the client is gone
     */
    ReadListener refusedWhileReading(Problem problem) throws IOException;

    /**
     * Answers programs, as text or JSON.
     *
     * @param success writes what is not refused
     */
    record Direct(AsyncContext async, EarlyAnswer early, Success success) implements Answer {

        @Override
        public void stored(final List<Receipt> receipts) throws IOException {
            success.write(request(), response(), receipts);
            async.complete();
        }

        @Override
        public void storedBefore(final Receipt receipt) throws IOException {
            early.send(async, (request, response) -> success.write(request, response, List.of(receipt)));
        }

        @Override
        public void refused(final Problem problem) throws IOException {
            Answers.write(request(), response(), problem);
            async.complete();
        }

        @Override
        public void refusedUnread(final Problem problem) throws IOException {
            early.send(async, problem);
        }

        @Override
        public ReadListener refusedWhileReading(final Problem problem) throws IOException {
            return early.begin(async, (request, response) -> Answers.write(request, response, problem));
        }

        private HttpServletRequest request() {
            return (HttpServletRequest) async.getRequest();
        }

        private HttpServletResponse response() {
            return (HttpServletResponse) async.getResponse();
        }
    }
}
