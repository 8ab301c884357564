package org.dropzonebackup.core.users;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.dropzonebackup.core.files.PropertyLine;
import org.dropzonebackup.core.units.ByteSize;

/** A user whose entries are being read, each of which may be wrong. Not safe for threads. */
final class UserDraft {

    private final UserName name;
    private final Set<String> seen = new HashSet<>();
    private boolean spoilt;

    private Optional<PasswordHash> passwordHash = Optional.empty();
    private String directory;
    private OptionalLong quota = OptionalLong.empty();
    private OptionalLong minFileSize = OptionalLong.empty();
    private boolean mayWrite = true;
    private boolean enabled = true;

    UserDraft(final UserName name) {
        this.name = name;
        this.directory = name.value();
    }

    /**
     * @param value nothing if it could not be read
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    void set(final String field, final Optional<String> value) {
        final String text = value.orElseThrow(() -> new IllegalArgumentException(PropertyLine.BACKSLASH));
        switch (field) {
            case "password" -> passwordHash = text.isEmpty() ? Optional.empty() : Optional.of(new PasswordHash(text));
            case "directory" -> directory = User.checkedDirectory(text);
            case "permissions" -> mayWrite = permissions(text).equals("W");
            case "quota" -> quota = size(text);
            case "min-file-size" -> minFileSize = size(text);
            case "enabled" -> enabled = enabled(text);
            default -> throw new IllegalArgumentException("there is no field '" + field + "'");
        }
        if (!seen.add(field)) {
            throw new IllegalArgumentException("the field '" + field + "' stands twice");
        }
    }

    private static OptionalLong size(final String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(text).bytes());
    }

    private static String permissions(final String text) {
        if (!text.matches("W?")) {
            throw new IllegalArgumentException("permissions are 'W' or nothing");
        }
        return text;
    }

    private static boolean enabled(final String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("enabled is neither true nor false");
        }
        return text.equals("true");
    }

    /** One of the entries is wrong: this is to be no user. */
    void spoil() {
        spoilt = true;
    }

    /** Nothing if an entry was wrong. */
    Optional<User> finish() {
        return spoilt ? Optional.empty()
                : Optional.of(new User(name, passwordHash, directory, quota, minFileSize, mayWrite, enabled));
    }
}
