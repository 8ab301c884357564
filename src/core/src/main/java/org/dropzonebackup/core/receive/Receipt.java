package org.dropzonebackup.core.receive;

import java.time.Instant;

/**
 * The receipt that the client gets for a stored file. Immutable.
 *
 * @param name under which it is stored
 * @param size in bytes
 * @param sha256 of its content, in hexadecimal
 * @param storedAt when it was stored, in whole milliseconds
 */
public record Receipt(String name, long size, String sha256, Instant storedAt) {
}
