package org.dropzonebackup.core.users;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a user, in lower case: {@code [a-z][a-z0-9._-]{0,63}}, so it is safe in logs and paths.
 *
 * @param value the name
 */
public record UserName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    /**
     * @throws IllegalArgumentException if it is no user name
     */
    public UserName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a user name is a letter, then letters, digits, '.', '_' or '-', at most 64");
        }
    }

    /** A name as a client or a person writes it, in any case; nothing if it is none. */
    public static Optional<UserName> parse(final String submitted) {
        final String name = submitted.strip().toLowerCase(Locale.ROOT);
        return FORM.matcher(name).matches() ? Optional.of(new UserName(name)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
