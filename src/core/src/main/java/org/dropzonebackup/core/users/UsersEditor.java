package org.dropzonebackup.core.users;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.files.PropertyLine;

/**
 * The text of a users file under an edit: whatever is not edited stays as it is, comments and the order of lines
 * included. Not safe for threads.
 */
public final class UsersEditor {

    private final List<String> lines;

    /**
     * @param text of the file now
     */
    public UsersEditor(final String text) {
        lines = new ArrayList<>(UsersLine.split(text).stream().map(UsersLine::text).toList());
    }

    /**
     * Looks whether each line ends where it was meant to. To be asked before an edit: one that goes on into the next entry would
     * take that along.
     *
     * @throws IllegalArgumentException with a sentence that names the line
     */
    public void requireEnds() {
        for (final UsersLine line : UsersLine.split(toString())) {
            try {
                line.checkEnd();
            } catch (final IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + line.number() + ": " + e.getMessage(), e);
            }
        }
    }

    /** Sets a field of a user, whom it adds at the end if there is no such user. Whatever the value, it reads back as it is. */
    public void set(final UserName user, final String field, final String value) {
        int where = indexOf(user, field);
        unset(user, field);
        if (where < 0) {
            where = endOf(user);
        }
        if (where == lines.size() && where > 0) {
            lines.set(where - 1, PropertyLine.ended(lines.get(where - 1)));
        }
        lines.add(where, UsersLine.of(user, field, value));
    }

    private int indexOf(final UserName user, final String field) {
        for (int i = 0; i < lines.size(); i++) {
            if (fieldOf(user, lines.get(i)).equals(Optional.of(field))) {
                return i;
            }
        }
        return -1;
    }

    /** Behind the user's last line, or behind all. */
    private int endOf(final UserName user) {
        for (int i = lines.size(); i > 0; i--) {
            if (fieldOf(user, lines.get(i - 1)).isPresent()) {
                return i;
            }
        }
        return lines.size();
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

    private static Optional<String> fieldOf(final UserName user, final String line) {
        return new UsersLine(new PropertyLine(0, line)).entry()
                .filter(entry -> entry.user().equals(Optional.of(user)))
                .map(UsersLine.Entry::field);
    }

    /** The text after the edit. */
    @Override
    public String toString() {
        return String.join("", lines);
    }
}
