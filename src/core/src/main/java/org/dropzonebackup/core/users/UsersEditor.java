package org.dropzonebackup.core.users;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dropzonebackup.core.files.PropertyLine;

/**
 * Edits the text of a users file. Comments, the order of lines and all other entries stay as they are. Not safe for threads.
 */
public final class UsersEditor {

    private final List<PropertyLine> lines;

    /**
     * @param text the current content of the file
     */
    public UsersEditor(final String text) {
        lines = new ArrayList<>(PropertyLine.split(text));
    }

    /**
     * Checks that no line continues into the next entry: an edit would change that one too. To be called before the first
     * edit.
     *
     * @throws IllegalArgumentException with a sentence that names the line
     */
    public void checkLineEnds() {
        for (final PropertyLine line : lines) {
            try {
                UserKey.checkEnd(line);
            } catch (final IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + line.number() + ": " + e.getMessage(), e);
            }
        }
    }

    /** Sets a field of a user, who is added at the end of the file if there is none. Any value reads back as it is. */
    public void set(final UserName user, final String field, final String value) {
        final List<Optional<UserKey>> keys = lines.stream().map(UserKey::of).toList();
        int index = keys.indexOf(Optional.of(new UserKey(user, field)));
        unset(user, field);
        if (index < 0) {
            index = afterLastEntry(user);
        }
        if (index == lines.size() && index > 0) {
            lines.set(index - 1, new PropertyLine(0, PropertyLine.terminate(lines.get(index - 1).text())));
        }
        lines.add(index, new PropertyLine(0, PropertyLine.format(user + "." + field, value)));
    }

    private int afterLastEntry(final UserName user) {
        for (int i = lines.size(); i > 0; i--) {
            if (isEntryOf(user, lines.get(i - 1))) {
                return i;
            }
        }
        return lines.size();
    }

    /** Removes a field of a user, if it is there. */
    public void unset(final UserName user, final String field) {
        lines.removeIf(line -> UserKey.of(line).equals(Optional.of(new UserKey(user, field))));
    }

    /** Removes all entries of a user. */
    public void remove(final UserName user) {
        lines.removeIf(line -> isEntryOf(user, line));
    }

    /** Whether there is any entry of a user. */
    public boolean has(final UserName user) {
        return lines.stream().anyMatch(line -> isEntryOf(user, line));
    }

    private static boolean isEntryOf(final UserName user, final PropertyLine line) {
        return UserKey.of(line).filter(key -> key.user().equals(user)).isPresent();
    }

    /** The text after the edit. */
    @Override
    public String toString() {
        return lines.stream().map(PropertyLine::text).collect(Collectors.joining());
    }
}
