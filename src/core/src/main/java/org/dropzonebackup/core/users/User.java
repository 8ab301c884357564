package org.dropzonebackup.core.users;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A user of the drop box. Immutable.
 *
 * @param name in lower case
 * @param passwordHash none: cannot log in
 * @param directory relative to the base directory, or absolute
 * @param quota bytes that the directory's files may have together
 * @param mayWrite whether the permission {@code W} is given
 * @param enabled whether logging in is allowed
 */
public record User(UserName name, Optional<PasswordHash> passwordHash, String directory, OptionalLong quota,
        boolean mayWrite, boolean enabled) {
}
