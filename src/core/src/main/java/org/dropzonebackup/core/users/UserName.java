package org.dropzonebackup.core.users;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A user name in lower case. It matches {@code [a-z][a-z0-9._-]{0,63}}, so it is safe in logs and paths. Immutable.
 */
public record UserName(String value) {

    private static final Pattern FORMAT = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    /**
     * @throws IllegalArgumentException if the value is not a user name
     */
    public UserName {
        if (!FORMAT.matcher(value).matches()) {
            throw new IllegalArgumentException("a user name is a letter, then letters, digits, '.', '_' or '-', at most 64");
        }
    }

    /** Parses a name in any case; empty if it is not a user name. */
    public static Optional<UserName> parse(final String submitted) {
        final String name = submitted.strip().toLowerCase(Locale.ROOT);
        return FORMAT.matcher(name).matches() ? Optional.of(new UserName(name)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
