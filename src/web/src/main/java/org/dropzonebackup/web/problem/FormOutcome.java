package org.dropzonebackup.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Receipt;

/**
 * What became of a form, for the page that answers it. Immutable.
 *
 * @param stored receipts, in the order of the form; none if the form was refused
 * @param refused names as they were submitted, as far as the form was read; the last one is what was refused
 * @param problem why nothing of the form is stored, if nothing is
 */
public record FormOutcome(List<Receipt> stored, List<String> refused, Optional<Problem> problem) {

    /** The path of the page. */
    public static final String PAGE = "/upload.xhtml";

    /** Request attribute that carries it to the page. */
    public static final String ATTRIBUTE = FormOutcome.class.getName();

    /**
     * Tells it where there is no page to tell it, which changes nothing of what became of the form.
     *
     * @throws IOException if the client is gone
     */
    public void write(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        if (problem.isPresent()) {
            Answers.write(request, response, problem.get());
        } else {
            Answers.write(response, HttpServletResponse.SC_OK, "text/plain", "OK\n");
        }
    }
}
