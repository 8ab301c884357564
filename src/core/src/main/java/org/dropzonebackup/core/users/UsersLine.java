package org.dropzonebackup.core.users;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dropzonebackup.core.files.PropertyLine;

/**
 * A line of a users file. Immutable.
 *
 * @param line of the properties file that it is
 */
record UsersLine(PropertyLine line) {

    private static final Pattern ANOTHER = Pattern.compile("\\s*[A-Za-z][A-Za-z0-9._-]*\\.[A-Za-z-]+\\s*=");

    /**
     * What stands in a line that is neither blank nor a comment.
     *
     * @param key as it is written
     * @param user nothing if the key is not {@code USER.FIELD}
     * @param field in lower case
     * @param value nothing if it cannot be read
     */
    record Entry(String key, Optional<UserName> user, String field, Optional<String> value) {
    }

    static List<UsersLine> split(final String text) {
        return PropertyLine.split(text).stream().map(UsersLine::new).toList();
    }

    /** The line that reads back as this value, whatever is in it. */
    static String of(final UserName user, final String field, final String value) {
        return PropertyLine.of(user + "." + field, value);
    }

    int number() {
        return line.number();
    }

    String text() {
        return line.text();
    }

    /**
     * Looks whether it goes on where another one was meant to begin, as after {@code directory = D:\}.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    void checkEnd() {
        if (line.continuations().stream().anyMatch(next -> ANOTHER.matcher(next).lookingAt())) {
            throw new IllegalArgumentException(PropertyLine.NO_END);
        }
    }

    /** Nothing for a blank line or a comment. */
    Optional<Entry> entry() {
        return line.entry().map(entry -> entry(entry.key(), entry.value()));
    }

    private static Entry entry(final String key, final Optional<String> value) {
        final int dot = key.lastIndexOf('.');
        return new Entry(key, UserName.parse(key.substring(0, Math.max(0, dot))),
                key.substring(dot + 1).toLowerCase(Locale.ROOT), value);
    }
}
