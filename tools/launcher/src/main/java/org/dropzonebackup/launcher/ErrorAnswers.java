package org.dropzonebackup.launcher;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/**
 * What Tomcat refuses before the application is asked is answered as the application would: a sentence, or a problem
 * (RFC 9457) for clients that name JSON, with the headers that every answer bears.
 */
public final class ErrorAnswers extends ErrorReportValve {

    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class.getName());

    private static final String RETRY_SECONDS = "10";

    @Override
    protected void report(final Request request, final Response response, final Throwable fault) {
        // The application has all paths: Tomcat finds none only when it stops
        final boolean stopping = response.getStatus() == HttpServletResponse.SC_NOT_FOUND && request.getContext() == null;
        final int status = stopping ? HttpServletResponse.SC_SERVICE_UNAVAILABLE : response.getStatus();
        if (status < HttpServletResponse.SC_BAD_REQUEST || response.isCommitted() || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        final String sentence = switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST -> "This request cannot be read: its path, a header or its framing is malformed.";
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> "The server is shutting down: try again later.";
            default -> "The request was refused (" + status + ").";
        };
        final String accept = String.valueOf(request.getHeader("Accept"));
        final boolean json = accept.contains("application/json") || accept.contains("application/problem+json");
        final String body = json
                ? "{\"type\":\"about:blank\",\"status\":" + status + ",\"detail\":\"" + sentence + "\"}" : sentence + "\n";
        try {
            if (stopping) {
                response.setStatus(status);
                response.setHeader("Retry-After", RETRY_SECONDS);
                response.setHeader("Connection", "close");
            }
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setContentType(json ? "application/problem+json" : "text/plain");
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (final IOException e) {
            LOG.log(Level.FINE, "a refused client is gone", e);
        }
    }
}
