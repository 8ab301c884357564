package org.dropzonebackup.core.users;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A user of the drop box. Immutable.
 *
 * @param name in lower case
 * @param passwordHash none: cannot log in
 * @param directory relative to the base directory, or absolute
 * @param quota bytes that the directory's files may have together
 * @param minFileSize bytes that a file has to have; none: as the settings say
 * @param mayWrite whether the permission {@code W} is given
 * @param enabled whether logging in is allowed
 */
public record User(UserName name, Optional<PasswordHash> passwordHash, String directory, OptionalLong quota,
        OptionalLong minFileSize, boolean mayWrite, boolean enabled) {

    /**
     * A directory that a user may have, wherever it comes from.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it, if no user may have it
     */
    public static String checkedDirectory(final String text) {
        if (text.isBlank() || Arrays.asList(text.split("[/\\\\]")).contains("..")
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a directory is relative without '..', or absolute");
        }
        return text;
    }
}
