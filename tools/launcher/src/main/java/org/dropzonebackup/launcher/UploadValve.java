package org.dropzonebackup.launcher;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;

/**
 * What this Tomcat can do for an upload and servlets cannot ask for, as request attributes, each a {@link Runnable}:
 * {@code org.dropzonebackup.continue} sends {@code 100 Continue}, so that a client whose upload is refused never starts
 * to send it; {@code org.dropzonebackup.fast} has the rest of the body read in large pieces.
 */
final class UploadValve extends ValveBase {

    private final UploadProtocol protocol;

    UploadValve(final UploadProtocol protocol) {
        super(true);
        this.protocol = protocol;
    }

    @Override
    public void invoke(final Request request, final Response response) throws IOException, ServletException {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            final org.apache.coyote.Request coyote = request.getCoyoteRequest();
            final Runnable sendContinue = () -> coyote.action(ActionCode.ACK, ContinueResponseTiming.ALWAYS);
            request.setAttribute("org.dropzonebackup.continue", sendContinue);
        }
        final Runnable widen = () -> widen(request);
        request.setAttribute("org.dropzonebackup.fast", widen);
        getNext().invoke(request, response);
    }

    private void widen(final Request request) {
        if (protocol.widen(request.getCoyoteRequest())) {
            request.getAsyncContext().addListener(new AsyncListener() {
                @Override
                public void onComplete(final AsyncEvent event) {
                    protocol.narrow();
                }

                @Override
                public void onTimeout(final AsyncEvent event) {
                    // Completes too
                }

                @Override
                public void onError(final AsyncEvent event) {
                    // Completes too
                }

                @Override
                public void onStartAsync(final AsyncEvent event) {
                    // Begun again by a page that answers a form: it completes once, and forgets its listeners before
                    event.getAsyncContext().addListener(this);
                }
            });
        }
    }
}
