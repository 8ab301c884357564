package org.dropzonebackup.core.store;

import java.util.Optional;

/**
 * What is known of a file's content without reading it. Immutable.
 *
 * @param size bytes of the content
 * @param sha256 of the content, in hexadecimal
 * @param user whose box it was stored into; none: the anonymous one
 */
public record FileFacts(long size, String sha256, Optional<String> user) {
}
