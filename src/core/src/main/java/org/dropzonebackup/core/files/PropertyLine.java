package org.dropzonebackup.core.files;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A logical line of a Java properties file: a line that ends in a backslash continues in the next one. Immutable.
 *
 * <p>{@link Properties} drops a backslash before a letter, or takes it for an escape such as a tab. Here that is an error
 * with a hint, as people who write {@code D:\backups} mean a path.
 *
 * @param number the number of its first line in the file, from 1
 * @param text as it stands in the file, with the line ends
 */
public record PropertyLine(int number, String text) {

    /** Backslashes that {@link Properties} would keep the meaning of: before another, a separator, white space, or as Unicode. */
    private static final Pattern UNESCAPED_OR_VALID =
            Pattern.compile("[^\\\\]|\\\\(?:[\\\\\\s=:#!]|u[0-9a-fA-F]{4}|\\z)");

    /**
     * A key with its value.
     *
     * @param key as it is written, if the value cannot be read
     * @param value empty if it has a wrong backslash
     */
    public record Entry(String key, Optional<String> value) {

        /**
         * The value.
         *
         * @throws IllegalArgumentException with a sentence for the person who wrote it
         */
        public String requireValue() {
            return value.orElseThrow(() -> new IllegalArgumentException(
                    "there is a single backslash in it: write a backslash as \\\\, or in a path as /"));
        }
    }

    /** Splits a text into its logical lines, whose texts make up the whole text again. */
    public static List<PropertyLine> split(final String text) {
        final List<PropertyLine> lines = new ArrayList<>();
        final StringBuilder logical = new StringBuilder();
        int number = 0;
        int first = 1;
        for (final String line : text.split("(?<=\n)")) {
            number++;
            logical.append(line);
            if (isBlankOrComment(logical) || !isContinued(line)) {
                lines.add(new PropertyLine(first, logical.toString()));
                logical.setLength(0);
                first = number + 1;
            }
        }
        lines.add(new PropertyLine(first, logical.toString()));
        lines.removeIf(line -> line.text().isEmpty());
        return lines;
    }

    /** Formats a line that reads back as this value, whatever characters the value has. */
    public static String format(final String key, final String value) {
        final StringBuilder line = new StringBuilder(key + " = ");
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            final boolean atAnEnd = i == 0 || i == value.length() - 1;
            if (c == '\\') {
                line.append("\\\\");
            } else if (Character.isISOControl(c) || atAnEnd && Character.isWhitespace(c)) {
                // Spaces too: an editor that trims lines would leave a lone backslash of an escaped space
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        return line.append('\n').toString();
    }

    /** Ends a line so that another can follow: after a backslash, only a blank line keeps the next from becoming part of it. */
    public static String terminate(final String line) {
        final String ended = line.endsWith("\n") ? line : line + "\n";
        return isContinued(ended) && !isBlankOrComment(line) ? ended + "\n" : ended;
    }

    private static boolean isBlankOrComment(final CharSequence line) {
        final String stripped = line.toString().stripLeading();
        return stripped.isEmpty() || stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean isContinued(final String line) {
        final String bare = line.replaceAll("[\r\n]+$", "");
        return line.length() > bare.length() && endsInEscape(bare);
    }

    /** Whether the text ends in a backslash that is not itself escaped. */
    private static boolean endsInEscape(final String text) {
        return (text.length() - text.replaceAll("\\\\+\\z", "").length()) % 2 == 1;
    }

    /**
     * Checks that a backslash at the end, as in {@code directory = D:\}, has not made the next entry a part of this line.
     *
     * @param beginsEntry whether a line of the file looks like the beginning of an entry
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public void checkEnd(final Predicate<String> beginsEntry) {
        if (text.lines().skip(1).anyMatch(beginsEntry)) {
            throw new IllegalArgumentException(
                    "there is a single backslash at its end, so that the next line is a part of it: write a backslash as \\\\");
        }
    }

    /** The entry in this line; empty for a blank line or a comment. */
    public Optional<Entry> entry() {
        if (isBlankOrComment(text)) {
            return Optional.empty();
        }
        final Entry unreadable = new Entry(text.strip().split("[=:\\s]", 2)[0], Optional.empty());
        final Properties properties = new Properties();
        try {
            properties.load(new StringReader(withoutTrailingSpace()));
        } catch (final IOException | IllegalArgumentException brokenEscape) {
            return Optional.of(unreadable);
        }
        return properties.stringPropertyNames().stream().findFirst()
                .map(key -> UNESCAPED_OR_VALID.matcher(text).replaceAll("").isEmpty()
                        ? new Entry(key, Optional.of(properties.getProperty(key))) : unreadable);
    }

    /** Strips white space from the end, where it is an accident unless it is escaped. {@link Properties} strips the beginning. */
    private String withoutTrailingSpace() {
        String bare = text.stripTrailing();
        while (endsInEscape(bare)) {
            if (bare.length() < text.length() && "\r\n".indexOf(text.charAt(bare.length())) < 0) {
                return text.substring(0, bare.length() + 1);
            }
            // The line continues, but the continuation is blank
            bare = bare.substring(0, bare.length() - 1).stripTrailing();
        }
        return bare;
    }
}
