package org.dropzonebackup.core.receive;

import java.text.Normalizer;
import java.time.Instant;
import java.util.Optional;
import org.dropzonebackup.core.journal.Line;

/**
 * The receipt that the client gets for a stored file. Immutable.
 *
 * @param name the path under which it is stored
 * @param submittedName as the client sent it; none: the server gave it one
 * @param size in bytes
 * @param sha256 of its content, in hexadecimal
 * @param storedAt when it was stored, in whole milliseconds
 * @param entry of the journal that tells of it; none before it is published, and for receipts that were recorded elsewhere
 */
public record Receipt(String name, Optional<String> submittedName, long size, String sha256, Instant storedAt,
        Optional<Line> entry) {

    /** A receipt without an entry. */
    public Receipt(final String name, final Optional<String> submittedName, final long size, final String sha256,
            final Instant storedAt) {
        this(name, submittedName, size, sha256, storedAt, Optional.empty());
    }

    /** The same with an entry. */
    Receipt with(final Line line) {
        return new Receipt(name, submittedName, size, sha256, storedAt, Optional.of(line));
    }

    /** The same without the entry. */
    Receipt withoutEntry() {
        return new Receipt(name, submittedName, size, sha256, storedAt);
    }

    /**
     * Whether the file got another name than its client gave it. It has that name if all of the submitted path was kept, or the
     * last name of it where only that counts.
     */
    public boolean isRenamed() {
        return submittedName.map(submitted -> "/" + Normalizer.normalize(submitted, Normalizer.Form.NFC).replace('\\', '/'))
                .filter(submitted -> !submitted.endsWith("/" + name)).isPresent();
    }
}
