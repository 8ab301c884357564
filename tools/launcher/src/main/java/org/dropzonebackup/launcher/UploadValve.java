package org.dropzonebackup.launcher;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Executor;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;

/**
 * What this Tomcat can do for an upload and servlets cannot ask for, as request attributes:
 * {@code org.dropzonebackup.continue}, a {@link Runnable}, sends {@code 100 Continue}, so that a client whose upload is
 * refused never starts to send it; {@code org.dropzonebackup.fast} is a {@link ReadableByteChannel} that reads the body
 * into the very memory where it is wanted, or, where it comes in chunks, a {@link Runnable} that has the rest of it read in
 * large pieces; {@code org.dropzonebackup.turns}, an {@link Executor}, runs what an upload begins with when it is its turn;
 * {@code org.dropzonebackup.alone}, another one, runs what is done with the request while no thread of Tomcat's is at it.
 */
final class UploadValve extends ValveBase {

    private final UploadProtocol protocol;

    UploadValve(final UploadProtocol protocol) {
        super(true);
        this.protocol = protocol;
    }

    @Override
    public void invoke(final Request request, final Response response) throws IOException, ServletException {
        final org.apache.coyote.Request coyote = request.getCoyoteRequest();
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            final Runnable sendContinue = () -> coyote.action(ActionCode.ACK, ContinueResponseTiming.ALWAYS);
            request.setAttribute("org.dropzonebackup.continue", sendContinue);
        }
        final Runnable widen = () -> widen(request);
        request.setAttribute("org.dropzonebackup.fast",
                coyote.getContentLengthLong() < 0 ? widen : UploadProtocol.straight(coyote));
        request.setAttribute("org.dropzonebackup.turns", protocol.turns(coyote));
        request.setAttribute("org.dropzonebackup.alone", UploadProtocol.alone(coyote));
        getNext().invoke(request, response);
    }

    private void widen(final Request request) {
        if (protocol.widen(request.getCoyoteRequest())) {
            request.getAsyncContext().addListener(new AsyncListener() {
                @Override
                public void onComplete(final AsyncEvent event) {
                    protocol.release();
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
