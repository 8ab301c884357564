package org.dropzonebackup.core.receive;

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
}
