package org.dropzonebackup.core.users;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;

/** Builds a user from the fields of the users file. Not safe for threads. */
final class UserBuilder {

    private final Set<String> seen = new HashSet<>();
    private final UserName name;
    private Optional<PasswordHash> passwordHash = Optional.empty();
    private String directory;
    private OptionalLong quota = OptionalLong.empty();
    private OptionalLong minFileSize = OptionalLong.empty();
    private Optional<Existing> existing = Optional.empty();
    private Optional<Duration> keepFor = Optional.empty();
    private OptionalInt keepAtLeast = OptionalInt.empty();
    private Optional<Duration> expectEvery = Optional.empty();
    private Optional<Duration> expectGrace = Optional.empty();
    private OptionalLong expectMinSize = OptionalLong.empty();
    private boolean mayWrite = true;
    private boolean enabled = true;

    UserBuilder(final UserName name) {
        this.name = name;
        this.directory = name.value();
    }

    /**
     * Sets a field.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    void set(final String field, final String text) {
        switch (field) {
            case "password" -> passwordHash = text.isEmpty() ? Optional.empty() : Optional.of(new PasswordHash(text));
            case "directory" -> directory = User.checkedDirectory(text);
            case "permissions" -> mayWrite = parse(text, "W", "", "permissions are 'W' or nothing");
            case "quota" -> quota = size(text);
            case "min-file-size" -> minFileSize = size(text);
            case "existing" -> existing = text.isEmpty() ? Optional.empty() : Optional.of(Existing.parse(text));
            case "keep-for" -> keepFor = text.isEmpty() ? Optional.empty() : Optional.of(KeepRule.parseKeepFor(text));
            case "keep-at-least" ->
                keepAtLeast = text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(KeepRule.parseAtLeast(text));
            case "expect-every" -> expectEvery = text.isEmpty() ? Optional.empty() : Optional.of(FreshnessRule.parseEvery(text));
            case "expect-grace" -> expectGrace = text.isEmpty() ? Optional.empty() : Optional.of(DurationText.parse(text));
            case "expect-min-size" -> expectMinSize = size(text);
            case "enabled" -> enabled = parse(text, "true", "false", "enabled is neither true nor false");
            default -> throw new IllegalArgumentException("there is no field '" + field + "'");
        }
        if (!seen.add(field)) {
            throw new IllegalArgumentException("the field '" + field + "' occurs twice");
        }
    }

    private static OptionalLong size(final String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(text).bytes());
    }

    private static boolean parse(final String text, final String yes, final String no, final String problem) {
        if (!text.equals(yes) && !text.equals(no)) {
            throw new IllegalArgumentException(problem);
        }
        return text.equals(yes);
    }

    User build() {
        return new User(name, passwordHash, directory, quota, minFileSize, existing, keepFor, keepAtLeast,
                expectEvery.map(every -> FreshnessRule.of(every, expectGrace, expectMinSize)), mayWrite, enabled);
    }
}
