package org.dropzonebackup.core.receive;

import java.text.Normalizer;
import java.time.Instant;
import java.util.Optional;

/**
 * The receipt that the client gets for a stored file. Immutable.
 *
 * @param name the path under which it is stored
 * @param submittedName as the client sent it; none: the server gave it one
 * @param size in bytes
 * @param sha256 of its content, in hexadecimal
 * @param storedAt when it was stored, in whole milliseconds
 */
public record Receipt(String name, Optional<String> submittedName, long size, String sha256, Instant storedAt) {

    /**
     * Whether the file got another name than its client gave it. It has that name if all of the submitted path was kept, or the
     * last name of it where only that counts.
     */
    public boolean isRenamed() {
        return submittedName.map(submitted -> "/" + Normalizer.normalize(submitted, Normalizer.Form.NFC).replace('\\', '/'))
                .filter(submitted -> !submitted.endsWith("/" + name)).isPresent();
    }
}
