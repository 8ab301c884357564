package org.dropzonebackup.web.tus;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.web.pieces.Checksum;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * Checks what tus demands of every request, before its sender is judged: the method, whether its path allows it, and the version.
 * Answers {@code OPTIONS}.
 */
public final class TusFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String VERSION = "1.0.0";
    private static final String EXTENSIONS =
            "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination";
    private static final String CREATION_METHODS = "OPTIONS, POST";
    private static final String UPLOAD_METHODS = "OPTIONS, HEAD, PATCH, DELETE";

    private final transient EarlyAnswer early;
    private final long maxSize;

    /**
     * @param early refuses
     * @param maxSize bytes that a file may have
     */
    public TusFilter(final EarlyAnswer early, final long maxSize) {
        this.early = early;
        this.maxSize = maxSize;
    }

    @Override
    protected void doFilter(final HttpServletRequest sent, final HttpServletResponse response, final FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Tus-Resumable", VERSION);
        final HttpServletRequest request = new Meant(sent);
        final Optional<String> methods = methodsOf(request);
        if (methods.isEmpty()) {
            early.refuse(request, response, Problem.notFound());
        } else if (!List.of(methods.get().split(", ")).contains(request.getMethod())) {
            early.refuse(request, response, Problem.methodNotAllowed(methods.get()));
        } else if (request.getMethod().equals("OPTIONS")) {
            tellWhatIsOffered(response);
        } else if (!VERSION.equals(request.getHeader("Tus-Resumable"))) {
            early.refuse(request, response, new Problem(412,
                    "This is tus " + VERSION + ": send the header Tus-Resumable with it.", Map.of("Tus-Version", VERSION)));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static Optional<String> methodsOf(final HttpServletRequest request) {
        final String path = Optional.ofNullable(request.getPathInfo()).orElse("/");
        if (path.equals("/")) {
            return Optional.of(CREATION_METHODS);
        }
        return path.lastIndexOf('/') == 0 ? Optional.of(UPLOAD_METHODS) : Optional.empty();
    }

    private void tellWhatIsOffered(final HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Tus-Version", VERSION);
        response.setHeader("Tus-Extension", EXTENSIONS);
        response.setHeader("Tus-Checksum-Algorithm", UploadChecksum.OFFERED);
        response.setHeader("Tus-Max-Size", Long.toString(maxSize));
    }

    /** The request with the method that is meant: some clients cannot send every method. */
    private static final class Meant extends HttpServletRequestWrapper {

        Meant(final HttpServletRequest sent) {
            super(sent);
        }

        @Override
        public String getMethod() {
            return Optional.ofNullable(getHeader("X-HTTP-Method-Override")).map(String::strip).orElse(super.getMethod());
        }
    }
}
