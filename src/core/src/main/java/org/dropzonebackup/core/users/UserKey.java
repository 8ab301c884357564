package org.dropzonebackup.core.users;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.dropzonebackup.core.files.PropertyLine;

/**
 * The key of an entry in the users file, {@code USER.FIELD}. Immutable.
 *
 * @param field in lower case
 */
record UserKey(UserName user, String field) {

    private static final Predicate<String> BEGINS_ENTRY =
            Pattern.compile("^\\s*[A-Za-z][A-Za-z0-9._-]*\\.[A-Za-z-]+\\s*=").asPredicate();

    /** Parses a key; empty if it is not of this form. */
    static Optional<UserKey> parse(final String key) {
        final int dot = key.lastIndexOf('.');
        return UserName.parse(key.substring(0, Math.max(0, dot)))
                .map(user -> new UserKey(user, key.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }

    /** The key of a line; empty if the line is no entry of a user. */
    static Optional<UserKey> of(final PropertyLine line) {
        return line.entry().flatMap(entry -> parse(entry.key()));
    }

    /** See {@link PropertyLine#checkEnd}. */
    static void checkEnd(final PropertyLine line) {
        line.checkEnd(BEGINS_ENTRY);
    }
}
