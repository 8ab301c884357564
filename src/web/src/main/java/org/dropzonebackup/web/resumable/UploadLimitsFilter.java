package org.dropzonebackup.web.resumable;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** Answers {@code OPTIONS}, without a password: whether uploads can be resumed here, and within which limits. */
public final class UploadLimitsFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient UploadLimits limits;
    private final transient Map<String, String> methods;
    private final transient EarlyAnswer early;

    /**
     * @param methods that each servlet path allows, separated by commas
     * @param early refuses
     */
    public UploadLimitsFilter(final UploadLimits limits, final Map<String, String> methods, final EarlyAnswer early) {
        this.limits = limits;
        this.methods = methods;
        this.early = early;
    }

    @Override
    protected void doFilter(final HttpServletRequest request, final HttpServletResponse response,
            final FilterChain chain) throws IOException, ServletException {
        if (!UploadResourceServlet.isPathOfUploads(request)) {
            early.refuse(request, response, Problem.notFound());
        } else if (request.getMethod().equals("OPTIONS")) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            response.setHeader("Allow", methods.get(request.getServletPath()));
            response.setHeader("Accept-Patch", UploadLimits.PIECE);
            limits.tell(response);
        } else {
            chain.doFilter(request, response);
        }
    }
}
