package org.dropzonebackup.web.problem;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.json.JSONStringer;

/** Writes answers as text, or as JSON for clients that want it. */
public final class Answers {

    /** Request attribute, a {@link Problem}: what is said where the container would have something else to say. */
    public static final String INSTEAD = "org.dropzonebackup.instead";

    private Answers() {
    }

    /**
     * Whether the client asked for JSON by its name, or is the script of a page that names no type: such scripts expect JSON, as
     * those of others' upload widgets do. To anybody else a wildcard is text.
     */
    public static boolean wantsJson(final HttpServletRequest request) {
        final List<String> types = acceptedTypes(request);
        return types.contains("application/json") || types.contains("application/problem+json")
                || types.isEmpty() && isScript(request);
    }

    /** Whether the client asked for a media type by its name. */
    public static boolean wants(final HttpServletRequest request, final String type) {
        return acceptedTypes(request).contains(type);
    }

    /** In lower case, without those that mean any type. */
    private static List<String> acceptedTypes(final HttpServletRequest request) {
        return Collections.list(request.getHeaders("Accept")).stream()
                .flatMap(accept -> Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",")))
                .map(range -> range.split(";", 2)[0].strip()).filter(type -> !type.isEmpty() && !type.equals("*/*")).toList();
    }

    /**
     * Browsers say by {@code Sec-Fetch-Dest} that a script asks (Fetch Metadata), but not to a site without TLS: there an {@code
     * Origin} shows that it is a browser. Many libraries say it by a header of their own.
     */
    private static boolean isScript(final HttpServletRequest request) {
        final String destination = request.getHeader("Sec-Fetch-Dest");
        return "XMLHttpRequest".equalsIgnoreCase(request.getHeader("X-Requested-With"))
                || (destination == null ? request.getHeader("Origin") != null : destination.equals("empty"));
    }

    /**
     * Writes a problem; the response is complete then, but for its closing.
     *
     * @throws IOException if the client is gone
     */
    public static void write(final HttpServletRequest request, final HttpServletResponse response, final Problem problem)
            throws IOException {
        problem.headers().forEach(response::setHeader);
        if (wantsJson(request)) {
            final JSONStringer json = new JSONStringer();
            final Problem.Type type = problem.type().orElseGet(
                    () -> new Problem.Type("about:blank", title(problem.status()), Map.of()));
            json.object().key("type").value(type.uri()).key("title").value(type.title())
                    .key("status").value(problem.status()).key("detail").value(problem.detail());
            json.key("instance").value("/requests/" + RequestId.of(request));
            type.members().forEach((name, value) -> json.key(name).value(value.longValue()));
            json.endObject();
            write(response, problem.status(), "application/problem+json", json.toString());
        } else {
            write(response, problem.status(), "text/plain", problem.detail() + "\n");
        }
    }

    /**
     * Writes a whole body with its length, or as the only chunk where {@code Transfer-Encoding} is set already.
     *
     * @throws IOException if the client is gone
     */
    public static void write(final HttpServletResponse response, final int status, final String type, final String text)
            throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        final ServletOutputStream out = response.getOutputStream();
        if (response.containsHeader("Transfer-Encoding")) {
            out.print(Integer.toHexString(bytes.length) + "\r\n");
            out.write(bytes);
            out.print("\r\n0\r\n\r\n");
        } else {
            response.setContentLength(bytes.length);
            out.write(bytes);
        }
        response.flushBuffer();
    }

    private static String title(final int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            case 423 -> "Locked";
            case 429 -> "Too Many Requests";
            case 460 -> "Checksum Mismatch";
            case 503 -> "Service Unavailable";
            case 507 -> "Insufficient Storage";
            default -> "Internal Server Error";
        };
    }
}
