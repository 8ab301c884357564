package org.dropzonebackup.core.users;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FreshnessRule;

/**
 * A user of the drop box. Immutable.
 *
 * @param passwordHash without one, the user cannot log in
 * @param directory relative to the base directory, or absolute
 * @param quota bytes for all files in the directory together
 * @param minFileSize bytes that a file must have; overrides the setting
 * @param existing what becomes of an upload whose name is taken; overrides the setting
 * @param keepFor how long the files are kept; overrides the setting
 * @param keepAtLeast how many of the newest files of one name are kept; overrides the setting
 * @param freshness how often a file is expected; none: never
 * @param mayWrite whether the user has the permission {@code W}
 * @param enabled whether the user may log in
 */
public record User(UserName name, Optional<PasswordHash> passwordHash, String directory, OptionalLong quota,
        OptionalLong minFileSize, Optional<Existing> existing, Optional<Duration> keepFor, OptionalInt keepAtLeast,
        Optional<FreshnessRule> freshness, boolean mayWrite, boolean enabled) {

    /**
     * Returns a directory if a user may have it.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it, if not
     */
    public static String checkedDirectory(final String text) {
        if (text.isBlank() || Arrays.asList(text.split("[/\\\\]")).contains("..")
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a directory is relative without '..', or absolute");
        }
        return text;
    }
}
