package org.dropzonebackup.core.users;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dropzonebackup.core.files.TextFile;

/**
 * One version of the users file, read. Immutable.
 *
 * @param users all whose entries are right, by name
 * @param problems a sentence for each line that is wrong, with its number
 */
public record UsersFile(Map<UserName, User> users, List<String> problems) {

    private static final int LONGEST_QUOTATION = 200;

    /**
     * Reads a users file.
     *
     * @throws IOException if it cannot be read, or is none
     */
    public static UsersFile read(final Path file) throws IOException {
        return parse(TextFile.read(file));
    }

    /**
     * Reads the text of a users file.
     *
     * @throws IOException if it is none: there is something in it, and no entry of any user
     */
    public static UsersFile parse(final String text) throws IOException {
        final Map<UserName, UserDraft> drafts = new HashMap<>();
        final List<String> problems = new ArrayList<>();
        for (final UsersLine line : UsersLine.split(text)) {
            line.entry().ifPresent(entry -> {
                if (entry.user().isEmpty()) {
                    problems.add("line " + line.number() + ": '" + escaped(entry.key()) + "' is not USER.FIELD");
                    return;
                }
                final UserName name = entry.user().get();
                final UserDraft draft = drafts.computeIfAbsent(name, UserDraft::new);
                try {
                    line.checkEnd();
                    draft.set(entry.field(), entry.value());
                } catch (final IllegalArgumentException e) {
                    draft.spoil();
                    problems.add("line " + line.number() + ": user " + name + ": " + escaped(e.getMessage()));
                }
            });
        }
        if (drafts.isEmpty() && !problems.isEmpty()) {
            throw new IOException("there is no entry of any user in it: " + problems.get(0));
        }
        final Map<UserName, User> users = new HashMap<>();
        drafts.forEach((name, draft) -> draft.finish().ifPresent(user -> users.put(name, user)));
        return new UsersFile(Map.copyOf(users), List.copyOf(problems));
    }

    /** What others wrote must not look like lines of the log. */
    private static String escaped(final String text) {
        final StringBuilder escaped = new StringBuilder();
        text.chars().limit(LONGEST_QUOTATION).forEach(c -> escaped.append(
                Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", c) : String.valueOf((char) c)));
        return escaped.toString();
    }
}
