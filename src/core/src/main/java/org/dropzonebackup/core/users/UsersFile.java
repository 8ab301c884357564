package org.dropzonebackup.core.users;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.dropzonebackup.core.files.PropertyLine;
import org.dropzonebackup.core.files.TextFile;

/**
 * The parsed content of a users file. Immutable.
 *
 * @param users the users whose entries are all valid, by name
 * @param problems a sentence for each wrong line, with its number
 */
public record UsersFile(Map<UserName, User> users, List<String> problems) {

    private static final int MAX_QUOTED = 200;

    /**
     * Reads a users file.
     *
     * @throws IOException if it cannot be read, or is not a users file
     */
    public static UsersFile read(final Path file) throws IOException {
        return parse(TextFile.read(file));
    }

    /**
     * Parses the text of a users file. A wrong line costs its user, and nobody else.
     *
     * @throws IOException if it is not a users file: it has content, but no entry of any user
     */
    public static UsersFile parse(final String text) throws IOException {
        final Map<UserName, UserBuilder> builders = new HashMap<>();
        final Set<UserName> invalid = new HashSet<>();
        final List<String> problems = new ArrayList<>();
        for (final PropertyLine line : PropertyLine.split(text)) {
            line.entry().ifPresent(entry -> UserKey.parse(entry.key()).ifPresentOrElse(key -> {
                final UserBuilder builder = builders.computeIfAbsent(key.user(), UserBuilder::new);
                try {
                    UserKey.checkEnd(line);
                    builder.set(key.field(), entry.requireValue());
                } catch (final IllegalArgumentException e) {
                    invalid.add(key.user());
                    problems.add("line " + line.number() + ": user " + key.user() + ": " + escaped(e.getMessage()));
                }
            }, () -> problems.add("line " + line.number() + ": '" + escaped(entry.key()) + "' is not USER.FIELD")));
        }
        if (builders.isEmpty() && !problems.isEmpty()) {
            throw new IOException("there is no entry of any user in it: " + problems.get(0));
        }
        builders.keySet().removeAll(invalid);
        final Map<UserName, User> users = new HashMap<>();
        builders.forEach((name, builder) -> users.put(name, builder.build()));
        return new UsersFile(Map.copyOf(users), List.copyOf(problems));
    }

    /** Escapes control characters and cuts long texts, so that a quotation cannot forge lines of the log. */
    private static String escaped(final String text) {
        final StringBuilder escaped = new StringBuilder();
        text.chars().limit(MAX_QUOTED).forEach(c -> escaped.append(
                Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", c) : String.valueOf((char) c)));
        return escaped.toString();
    }
}
