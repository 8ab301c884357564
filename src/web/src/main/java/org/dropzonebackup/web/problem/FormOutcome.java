package org.dropzonebackup.web.problem;

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

    /** Request attribute that carries it to the page. */
    public static final String ATTRIBUTE = FormOutcome.class.getName();
}
