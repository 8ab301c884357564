package org.dropzonebackup.core.users;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * A logical line of a users file: one that ends in a backslash goes on in the next. Immutable.
 *
 * @param number of its first line in the file, from 1
 * @param text as it stands there, with its line ends
 */
record UsersLine(int number, String text) {

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
        final List<UsersLine> lines = new ArrayList<>();
        StringBuilder logical = new StringBuilder();
        int number = 0;
        int first = 1;
        for (final String line : text.split("(?<=\n)")) {
            number++;
            logical.append(line);
            if (isBlankOrComment(logical) || !goesOn(line)) {
                lines.add(new UsersLine(first, logical.toString()));
                logical = new StringBuilder();
                first = number + 1;
            }
        }
        if (!logical.isEmpty()) {
            lines.add(new UsersLine(first, logical.toString()));
        }
        lines.removeIf(line -> line.text().isEmpty());
        return lines;
    }

    /** The line that reads back as this value, whatever is in it. */
    static String of(final UserName user, final String field, final String value) {
        final StringBuilder line = new StringBuilder(user + "." + field + " = ");
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            final boolean atAnEnd = i == 0 || i == value.length() - 1;
            if (c == '\\') {
                line.append("\\\\");
            } else if (Character.isISOControl(c) || atAnEnd && Character.isWhitespace(c)) {
                // A space too is written as digits: a backslash before it would be left alone where an editor trims lines
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        return line.append('\n').toString();
    }

    /** A line behind which another may be put: after a backslash, only a blank one keeps what follows from being a part of it. */
    static String ended(final String line) {
        final String ended = line.endsWith("\n") ? line : line + "\n";
        return goesOn(ended) && !isBlankOrComment(line) ? ended + "\n" : ended;
    }

    private static boolean isBlankOrComment(final CharSequence line) {
        final String stripped = line.toString().stripLeading();
        return stripped.isEmpty() || stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean goesOn(final String line) {
        final String bare = line.replaceAll("[\r\n]+$", "");
        return line.length() > bare.length() && endsInEscape(bare);
    }

    /** Whether a backslash at the end is not itself escaped: what follows belongs to it. */
    private static boolean endsInEscape(final String text) {
        return (text.length() - text.replaceAll("\\\\+\\z", "").length()) % 2 == 1;
    }

    /** Nothing for a blank line or a comment. */
    Optional<Entry> entry() {
        if (isBlankOrComment(text)) {
            return Optional.empty();
        }
        final Properties read = new Properties();
        try {
            read.load(new StringReader(withoutTrailingSpace()));
        } catch (final IOException | IllegalArgumentException brokenEscape) {
            // The key is whole nevertheless, as long as it has no escapes itself
            return Optional.of(entry(text.strip().split("[=:\\s]", 2)[0], Optional.empty()));
        }
        return read.stringPropertyNames().stream().findFirst()
                .map(key -> entry(key, Optional.of(read.getProperty(key))));
    }

    /** White space around a value is there by accident, unless it is escaped; that before it is left out by the format. */
    private String withoutTrailingSpace() {
        String bare = text.stripTrailing();
        while (endsInEscape(bare)) {
            if (bare.length() < text.length() && "\r\n".indexOf(text.charAt(bare.length())) < 0) {
                return text.substring(0, bare.length() + 1);
            }
            // Goes on in a line that has nothing
            bare = bare.substring(0, bare.length() - 1).stripTrailing();
        }
        return bare;
    }

    private static Entry entry(final String key, final Optional<String> value) {
        final int dot = key.lastIndexOf('.');
        return new Entry(key, UserName.parse(key.substring(0, Math.max(0, dot))),
                key.substring(dot + 1).toLowerCase(Locale.ROOT), value);
    }
}
