package org.dropzonebackup.core.receive;

import java.util.Optional;

/**
 * Whose an upload resource is: nobody else finds it, and it looks to them as if it never was.
 *
 * @param user the user's name; none: anonymous, and whoever knows the id
 * @param protocol a short word for how it was created; no other protocol finds it
 */
public record Owner(Optional<String> user, String protocol) {
}
