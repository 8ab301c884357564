package org.dropzonebackup.launcher;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what never reaches the application, as the application would: with a sentence, or a problem (RFC 9457) for clients
 * that want JSON, and with the headers that every answer bears. A request whose first line or framing cannot be parsed has
 * no headers that Jetty would tell of: it always gets the sentence. The connection closes.
 */
final class ErrorAnswers extends ErrorHandler implements HttpConfiguration.Customizer {

    private static final String RETRY_SECONDS = "10";
    private static final String HEALTH = "/health";
    /** How Jetty begins to say that it does not know a transfer coding. */
    private static final String UNKNOWN_CODING = "Bad Transfer-Encoding";

    private final int maxHeaderSize;
    private final Set<String> corsOrigins;

    /**
     * @param maxHeaderSize bytes that the headers of a request may take together
     * @param corsOrigins whose pages may read the answers; {@code *} is all
     */
    ErrorAnswers(final int maxHeaderSize, final Set<String> corsOrigins) {
        this.maxHeaderSize = maxHeaderSize;
        this.corsOrigins = corsOrigins;
    }

    /** Refuses what Jetty would hand on: letters that are not encoded, and transfer codings that nobody decodes. */
    @Override
    public Request customize(final Request request, final HttpFields.Mutable responseHeaders) {
        final String coding = request.getHeaders().get(HttpHeader.TRANSFER_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            throw new HttpException.RuntimeException(HttpStatus.NOT_IMPLEMENTED_501, UNKNOWN_CODING);
        }
        if (!isEncoded(request)) {
            throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400);
        }
        return request;
    }

    private static boolean isEncoded(final Request request) {
        final String target = request.getHttpURI().getPathQuery();
        return target == null || StandardCharsets.US_ASCII.newEncoder().canEncode(target);
    }

    @Override
    public boolean handle(final Request request, final Response response, final Callback callback) {
        final String fault = request.getAttribute(ERROR_EXCEPTION) instanceof HttpException told ? String.valueOf(told.getReason()) : "";
        final int status = status(response.getStatus(), fault);
        final String sentence = sentence(status, fault, request);
        final boolean json = wantsJson(request.getHeaders());
        final boolean health = status == HttpStatus.SERVICE_UNAVAILABLE_503 && HEALTH.equals(request.getHttpURI().getPath());
        final String body = health ? "{\"status\":\"stopping\"}\n" : json
                ? "{\"type\":\"about:blank\",\"status\":" + status + ",\"detail\":\"" + sentence + "\"}" : sentence + "\n";
        response.setStatus(status);
        final HttpFields.Mutable headers = response.getHeaders();
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            headers.put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        }
        share(request.getHeaders().get(HttpHeader.ORIGIN), headers);
        headers.put(HttpHeader.CONNECTION, "close");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CONTENT_TYPE, (health ? "application/json" : json ? "application/problem+json" : "text/plain") + ";charset=utf-8");
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }

    private static boolean wantsJson(final HttpFields headers) {
        final String accept = headers.contains(HttpHeader.ACCEPT) ? headers.get(HttpHeader.ACCEPT) : "*/*";
        final String destination = headers.get("Sec-Fetch-Dest");
        final boolean script = "XMLHttpRequest".equalsIgnoreCase(headers.get("X-Requested-With"))
                || (destination == null ? headers.contains(HttpHeader.ORIGIN) : destination.equals("empty"));
        return accept.contains("application/json") || accept.contains("application/problem+json")
                || script && accept.equals("*/*");
    }

    private void share(final String origin, final HttpFields.Mutable headers) {
        if (corsOrigins.isEmpty()) {
            return;
        }
        headers.put(HttpHeader.VARY, "Origin");
        if (origin != null && (corsOrigins.contains("*") || corsOrigins.contains(origin))) {
            headers.put("Access-Control-Allow-Origin", corsOrigins.contains("*") ? "*" : origin);
            headers.put("Access-Control-Expose-Headers", "Retry-After");
        }
    }

    private static int status(final int status, final String fault) {
        return switch (status) {
            case HttpStatus.BAD_REQUEST_400 -> fault.startsWith(UNKNOWN_CODING) ? HttpStatus.NOT_IMPLEMENTED_501 : status;
            case HttpStatus.URI_TOO_LONG_414 -> HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431;
            default -> status;
        };
    }

    private String sentence(final int status, final String fault, final Request request) {
        return switch (status) {
            case HttpStatus.BAD_REQUEST_400 -> unreadable(fault, request);
            case HttpStatus.NOT_FOUND_404 -> "There is nothing here: uploads go to /upload.";
            case HttpStatus.EXPECTATION_FAILED_417 -> "The only expectation that is met here is 'Expect: 100-continue'.";
            case HttpStatus.NOT_IMPLEMENTED_501 ->
                "This Transfer-Encoding is not known here: send the file as it is, or with 'Transfer-Encoding: chunked'.";
            case HttpStatus.SERVICE_UNAVAILABLE_503 -> "The server is shutting down: try again later.";
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "The headers of this request, its cookies included, are larger than "
                    + maxHeaderSize + " bytes together: send fewer, or have the server started with a larger --max-header-size.";
            default -> "The request was refused (" + status + ").";
        };
    }

    private static String unreadable(final String fault, final Request request) {
        if (!isEncoded(request)) {
            return "The path of this request holds a character that has to be percent-encoded, as UTF-8: %C3%BC for a small u umlaut,"
                    + " %20 for a blank.";
        }
        if (fault.equals(HttpCompliance.Violation.MULTIPLE_CONTENT_LENGTHS.getDescription())) {
            return "This request has more than one Content-Length: where its body ends cannot be told.";
        }
        return "This request cannot be read: its path, a header or its framing is malformed.";
    }
}
