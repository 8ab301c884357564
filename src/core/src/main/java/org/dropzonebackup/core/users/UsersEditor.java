package org.dropzonebackup.core.users;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * The text of a users file under an edit: whatever is not edited stays as it is, comments and the order of lines
 * included. Not safe for threads.
 */
public final class UsersEditor {

    /** Logical lines: a line that ends in a backslash goes on in the next one. */
    private final List<String> lines = new ArrayList<>();

    /**
     * @param text of the file now
     */
    public UsersEditor(final String text) {
        StringBuilder logical = new StringBuilder();
        for (final String line : text.split("(?<=\n)")) {
            logical.append(line);
            if (isComment(logical) || !goesOn(line)) {
                lines.add(logical.toString());
                logical = new StringBuilder();
            }
        }
        if (!logical.isEmpty()) {
            lines.add(logical.toString());
        }
        lines.removeIf(String::isEmpty);
    }

    private static boolean isComment(final CharSequence line) {
        final String stripped = line.toString().stripLeading();
        return stripped.isEmpty() || stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean goesOn(final String line) {
        final String bare = line.replaceAll("[\r\n]+$", "");
        return line.length() > bare.length() && (bare.length() - bare.replaceAll("\\\\+$", "").length()) % 2 == 1;
    }

    /** Sets a field of a user, whom it adds at the end if there is no such user. */
    public void set(final UserName user, final String field, final String value) {
        final String line = user + "." + field + " = " + value.replace("\\", "\\\\") + "\n";
        int last = -1;
        for (int i = 0; i < lines.size(); i++) {
            final Optional<String> found = fieldOf(user, lines.get(i));
            if (found.isPresent() && found.get().equals(field)) {
                lines.set(i, line);
                return;
            }
            last = found.isPresent() ? i : last;
        }
        terminateLastLine();
        lines.add(last < 0 ? lines.size() : last + 1, line);
    }

    /** Removes a field of a user, if it is there. */
    public void unset(final UserName user, final String field) {
        lines.removeIf(line -> fieldOf(user, line).equals(Optional.of(field)));
    }

    /** Removes all entries of a user. */
    public void remove(final UserName user) {
        lines.removeIf(line -> fieldOf(user, line).isPresent());
    }

    /** Whether there is any entry of a user. */
    public boolean has(final UserName user) {
        return lines.stream().anyMatch(line -> fieldOf(user, line).isPresent());
    }

    private void terminateLastLine() {
        if (!lines.isEmpty() && !lines.get(lines.size() - 1).endsWith("\n")) {
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + "\n");
        }
    }

    private static Optional<String> fieldOf(final UserName user, final String line) {
        final Properties entry = new Properties();
        try {
            entry.load(new StringReader(line));
        } catch (final IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
        return entry.stringPropertyNames().stream()
                .filter(key -> key.lastIndexOf('.') > 0)
                .filter(key -> UserName.parse(key.substring(0, key.lastIndexOf('.'))).equals(Optional.of(user)))
                .map(key -> key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                .findFirst();
    }

    /** The text after the edit. */
    @Override
    public String toString() {
        return String.join("", lines);
    }
}
