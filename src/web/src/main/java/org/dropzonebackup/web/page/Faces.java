package org.dropzonebackup.web.page;

import com.sun.faces.config.ConfigureListener;
import jakarta.faces.webapp.FacesServlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jboss.weld.environment.servlet.Listener;

/**
 * Jakarta Faces together with CDI, which provides its beans. The application calls their listeners itself: the container would
 * call them before the rest of the application starts, and again for every upload.
 */
final class Faces {

    private final Listener cdi = new Listener();
    private final ConfigureListener configuration = new ConfigureListener();
    private final FacesServlet views = new FacesServlet();
    private final ServletContextEvent application;

    private Faces(final ServletConfig servlet) {
        this.application = new ServletContextEvent(servlet.getServletContext());
    }

    /**
     * Starts both, which takes about a second. If it fails, nothing is left running.
     *
     * @param servlet on whose behalf it runs
     */
    static Faces start(final ServletConfig servlet) throws ServletException {
        final Faces faces = new Faces(servlet);
        try {
            faces.cdi.contextInitialized(faces.application);
            faces.configuration.contextInitialized(faces.application);
            faces.views.init(servlet);
            return faces;
        } catch (final ServletException | RuntimeException | LinkageError e) {
            try {
                faces.stop();
            } catch (final RuntimeException | LinkageError also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    void show(final HttpServletRequest sent, final ServletResponse response) throws IOException, ServletException {
        final BareRequest request = new BareRequest(sent);
        final ServletRequestEvent event = new ServletRequestEvent(application.getServletContext(), request);
        cdi.requestInitialized(event);
        try {
            configuration.requestInitialized(event);
            try {
                views.service(request, response);
            } finally {
                configuration.requestDestroyed(event);
            }
        } finally {
            cdi.requestDestroyed(event);
        }
    }

    void stop() {
        try {
            configuration.contextDestroyed(application);
        } finally {
            cdi.contextDestroyed(application);
        }
    }
}
