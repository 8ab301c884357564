package org.dropzonebackup.core.receive;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a client says of a file before its bytes.
 *
 * @param submittedName the name as it was sent; none: the server gives one
 * @param length bytes, if the client says so
 * @param digests of the content, if the client says so; the values are of the length of their algorithm
 * @param sparable whether the client need not send the bytes if they are stored already: then what is stored is compared
 *        first, else when they have come
 */
public record Announcement(Optional<String> submittedName, OptionalLong length, Map<DigestAlgorithm, byte[]> digests,
        boolean sparable) {
}
