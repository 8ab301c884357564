package org.dropzonebackup.web;

import jakarta.faces.application.Application;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PostConstructApplicationEvent;
import jakarta.faces.event.SystemEvent;
import jakarta.faces.event.SystemEventListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * Put into a WAR it holds the start of Faces until a test says how it goes on, over a connection to a port of the test;
 * and connects once more when Faces ends.
 */
public final class PageGate implements SystemEventListener {

    /** Context parameter. */
    static final String PORT = "gate.port";
    static final char GO_ON = 'g';
    static final char FAIL = 'f';

    private static final int TIMEOUT_MILLIS = 60_000;

    @Override
    public boolean isListenerForSource(final Object source) {
        return source instanceof Application;
    }

    @Override
    public void processEvent(final SystemEvent event) {
        final int port = Integer.parseInt(
                FacesContext.getCurrentInstance().getExternalContext().getInitParameter(PORT));
        try (Socket test = new Socket(InetAddress.getLoopbackAddress(), port)) {
            test.setSoTimeout(TIMEOUT_MILLIS);
            if (event instanceof PostConstructApplicationEvent && test.getInputStream().read() != GO_ON) {
                throw new IllegalStateException("the test wants it to fail");
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
