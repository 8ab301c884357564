package org.dropzonebackup.core.receive;

import java.util.Optional;

/**
 * The owner of an upload resource. Nobody else finds it; to them it looks as if it never existed.
 *
 * @param user the user's name; none: anonymous, and whoever knows the id
 * @param protocol a short word for how it was created; no other protocol finds it
 */
public record Owner(Optional<String> user, String protocol) {
}
