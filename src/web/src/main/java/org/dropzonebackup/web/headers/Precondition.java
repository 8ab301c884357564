package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * The preconditions {@code If-Match} and {@code If-None-Match} (RFC 9110, section 13.1). No file has an entity tag, since none can
 * be read: {@code If-Match} never matches, and {@code If-None-Match} only as {@code *}.
 */
public final class Precondition {

    private Precondition() {
    }

    /**
     * Whether a file may be stored only if its name is free.
     *
     * @throws ProblemException if nothing may be stored at all
     */
    static boolean onlyNew(final HttpServletRequest request) throws ProblemException {
        if (request.getHeader("If-Match") != null) {
            throw new ProblemException(Problem.preconditionFailed("If-Match: a stored file has no entity tag that could match"));
        }
        return Collections.list(request.getHeaders("If-None-Match")).stream()
                .flatMap(value -> Arrays.stream(value.split(","))).anyMatch(tag -> tag.strip().equals("*"));
    }

    /**
     * Refuses to add to an upload resource that is there, if the request wants that there is none.
     *
     * @throws ProblemException if it does
     */
    public static void refuseToAdd(final HttpServletRequest request) throws ProblemException {
        if (onlyNew(request)) {
            throw new ProblemException(Problem.preconditionFailed("If-None-Match: this upload has begun already"));
        }
    }
}
