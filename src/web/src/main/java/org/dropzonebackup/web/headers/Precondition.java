package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * {@code If-Match} and {@code If-None-Match} (RFC 9110, section 13.1). Nothing here has an entity tag, as nothing can be
 * read: no tag of {@code If-Match} ever matches, and only {@code *} of {@code If-None-Match} ever does.
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
     * Of a request to an upload resource, which is there or will be told as missing.
     *
     * @throws ProblemException if nothing may be added to it
     */
    public static void refuseToAdd(final HttpServletRequest request) throws ProblemException {
        if (onlyNew(request)) {
            throw new ProblemException(Problem.preconditionFailed("If-None-Match: this upload has begun already"));
        }
    }
}
