package org.dropzonebackup.launcher;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.res.StringManager;

/**
 * What Tomcat refuses before the application is asked is answered as the application would: a sentence, or a problem
 * (RFC 9457) for clients that name JSON, with the headers that every answer bears.
 */
public final class ErrorAnswers extends ErrorReportValve {

    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class.getName());

    private static final String RETRY_SECONDS = "10";
    private static final int HEADERS_TOO_LARGE = 431;
    /** What Tomcat's faults say, in whatever language. */
    private static final StringManager TOMCATS = StringManager.getManager("org.apache.coyote.http11");

    @Override
    protected void report(final Request request, final Response response, final Throwable fault) {
        // The application has all paths: Tomcat finds none only when it stops
        final boolean stopping = response.getStatus() == HttpServletResponse.SC_NOT_FOUND && request.getContext() == null;
        final int status = stopping ? HttpServletResponse.SC_SERVICE_UNAVAILABLE
                : isAbout(fault, "iib.requestheadertoolarge.error") ? HEADERS_TOO_LARGE : response.getStatus();
        if (status < HttpServletResponse.SC_BAD_REQUEST || response.isCommitted() || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        final String sentence = switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST -> unreadable(request, fault);
            case HttpServletResponse.SC_EXPECTATION_FAILED -> "The only expectation that is met here is 'Expect: 100-continue'.";
            case HttpServletResponse.SC_NOT_IMPLEMENTED ->
                "This method or Transfer-Encoding is not known here: send the file as it is, or with 'Transfer-Encoding: chunked'.";
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> "The server is shutting down: try again later.";
            case HEADERS_TOO_LARGE -> "The headers of this request, its cookies included, are larger than "
                    + request.getConnector().getProperty("maxHttpRequestHeaderSize")
                    + " bytes together: send fewer, or have the server started with a larger --max-header-size.";
            default -> "The request was refused (" + status + ").";
        };
        final String accept = String.valueOf(request.getHeader("Accept"));
        final boolean json = accept.contains("application/json") || accept.contains("application/problem+json");
        final String body = json
                ? "{\"type\":\"about:blank\",\"status\":" + status + ",\"detail\":\"" + sentence + "\"}" : sentence + "\n";
        try {
            response.setStatus(status);
            if (stopping) {
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

    private static String unreadable(final Request request, final Throwable fault) {
        if (isAbout(fault, "iib.invalidRequestTarget")) {
            return "The path of this request holds a character that has to be percent-encoded, as UTF-8: %C3%BC for a small u umlaut,"
                    + " %20 for a blank.";
        }
        if (Collections.list(request.getHeaders("Content-Length")).size() > 1) {
            return "This request has more than one Content-Length: where its body ends cannot be told.";
        }
        return "This request cannot be read: its path, a header or its framing is malformed.";
    }

    /** Whether a fault is the one that Tomcat has a text for, before what the text quotes. */
    private static boolean isAbout(final Throwable fault, final String key) {
        return fault != null && fault.getMessage() != null
                && fault.getMessage().startsWith(TOMCATS.getString(key, "\0").split("\0", 2)[0]);
    }
}
