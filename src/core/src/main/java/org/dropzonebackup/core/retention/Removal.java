package org.dropzonebackup.core.retention;

import java.util.OptionalInt;
import org.dropzonebackup.core.journal.Line;

/**
 * A file that goes, and why. Immutable.
 *
 * @param line the entry that tells of it: when the server received it; or that it was {@code removed}, which a kill has cut short
 * @param newer how many newer files of its series there are; none if its removal was cut short
 */
public record Removal(Line line, OptionalInt newer) {
}
