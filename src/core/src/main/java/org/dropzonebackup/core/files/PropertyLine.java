package org.dropzonebackup.core.files;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A logical line of a Java properties file: one that ends in a backslash goes on in the next. Immutable.
 *
 * <p>Unlike Java this does not drop a backslash before a letter, or take it for a tabulator: who writes {@code D:\backups}
 * means a path, and is told how to write it.
 *
 * @param number of its first line in the file, from 1
 * @param text as it stands there, with its line ends
 */
public record PropertyLine(int number, String text) {

    /** A backslash is fine before another one, four hexadecimal digits, what would end or begin something, and a line's end. */
    private static final Pattern ESCAPED =
            Pattern.compile("[^\\\\]|\\\\(?:[\\\\\\s=:#!]|u[0-9a-fA-F]{4}|\\z)");

    /**
     * What stands in a line that is neither blank nor a comment.
     *
     * @param key as it is written
     * @param value nothing if it cannot be read, since {@link #BACKSLASH}
     */
    public record Entry(String key, Optional<String> value) {
    }

    /** What is wrong with a value that cannot be read, for the person who wrote it. */
    public static final String BACKSLASH = "there is a single backslash in it: write a backslash as \\\\, or in a path as /";

    /** What is wrong with a line that ends in a backslash, if another was to begin there. */
    public static final String NO_END =
            "there is a single backslash at its end, so that the next line is a part of it: write a backslash as \\\\";

    /** All lines of a text; put together they are the text. */
    public static List<PropertyLine> split(final String text) {
        final List<PropertyLine> lines = new ArrayList<>();
        StringBuilder logical = new StringBuilder();
        int number = 0;
        int first = 1;
        for (final String line : text.split("(?<=\n)")) {
            number++;
            logical.append(line);
            if (isBlankOrComment(logical) || !goesOn(line)) {
                lines.add(new PropertyLine(first, logical.toString()));
                logical = new StringBuilder();
                first = number + 1;
            }
        }
        if (!logical.isEmpty()) {
            lines.add(new PropertyLine(first, logical.toString()));
        }
        lines.removeIf(line -> line.text().isEmpty());
        return lines;
    }

    /** The line that reads back as this value, whatever is in it. */
    public static String of(final String key, final String value) {
        final StringBuilder line = new StringBuilder(key + " = ");
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
    public static String ended(final String line) {
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

    /** The lines of the file that are a part of this one only since the one before ends in a backslash. */
    public List<String> continuations() {
        return text.lines().skip(1).toList();
    }

    /** Nothing for a blank line or a comment. */
    public Optional<Entry> entry() {
        if (isBlankOrComment(text)) {
            return Optional.empty();
        }
        final Properties read = new Properties();
        try {
            read.load(new StringReader(withoutTrailingSpace()));
        } catch (final IOException | IllegalArgumentException brokenEscape) {
            // The key is whole nevertheless, as long as it has no escapes itself
            return Optional.of(new Entry(writtenKey(), Optional.empty()));
        }
        final Optional<String> key = read.stringPropertyNames().stream().findFirst();
        return key.map(name -> ESCAPED.matcher(text).replaceAll("").isEmpty()
                ? new Entry(name, Optional.of(read.getProperty(name))) : new Entry(writtenKey(), Optional.empty()));
    }

    private String writtenKey() {
        return text.strip().split("[=:\\s]", 2)[0];
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
}
