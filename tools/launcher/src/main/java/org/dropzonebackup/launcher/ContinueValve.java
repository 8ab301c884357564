package org.dropzonebackup.launcher;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;

/**
 * Lets the application say when {@code 100 Continue} is sent, so that a client whose upload is refused never starts to
 * send it: the request attribute {@code org.dropzonebackup.continue} is a {@link Runnable} that sends it.
 */
final class ContinueValve extends ValveBase {

    ContinueValve() {
        super(true);
    }

    @Override
    public void invoke(final Request request, final Response response) throws IOException, ServletException {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            final org.apache.coyote.Request coyote = request.getCoyoteRequest();
            final Runnable sendContinue = () -> coyote.action(ActionCode.ACK, ContinueResponseTiming.ALWAYS);
            request.setAttribute("org.dropzonebackup.continue", sendContinue);
        }
        getNext().invoke(request, response);
    }
}
