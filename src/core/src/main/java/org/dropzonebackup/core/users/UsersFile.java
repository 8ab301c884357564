package org.dropzonebackup.core.users;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import org.dropzonebackup.core.units.ByteSize;

/**
 * One version of the users file, read. Immutable.
 *
 * @param users all whose entries are right, by name
 * @param problems a sentence for each entry that is wrong
 */
public record UsersFile(Map<UserName, User> users, List<String> problems) {

    private static final Set<String> FIELDS = Set.of("password", "directory", "permissions", "quota", "enabled");

    /**
     * Reads the text of a users file.
     *
     * @throws IOException if it is no properties file
     */
    public static UsersFile parse(final String text) throws IOException {
        final Properties lines = new Properties();
        try {
            lines.load(new StringReader(text));
        } catch (final IllegalArgumentException e) {
            throw new IOException("not a properties file: " + e.getMessage(), e);
        }
        final List<String> problems = new ArrayList<>();
        final Set<UserName> wrong = new HashSet<>();
        final Map<UserName, Map<String, String>> entries = collect(lines, problems, wrong);
        final Map<UserName, User> users = new HashMap<>();
        entries.forEach((name, fields) -> {
            try {
                users.put(name, user(name, fields));
            } catch (final IllegalArgumentException e) {
                problems.add("user " + name + ": " + e.getMessage());
            }
        });
        users.keySet().removeAll(wrong);
        return new UsersFile(Map.copyOf(users), List.copyOf(problems));
    }

    private static Map<UserName, Map<String, String>> collect(
            final Properties lines, final List<String> problems, final Set<UserName> wrong) {
        final Map<UserName, Map<String, String>> entries = new HashMap<>();
        for (final String key : lines.stringPropertyNames()) {
            final int dot = key.lastIndexOf('.');
            final Optional<UserName> name = UserName.parse(key.substring(0, Math.max(0, dot)));
            final String field = key.substring(dot + 1).toLowerCase(Locale.ROOT);
            if (name.isEmpty()) {
                problems.add("'" + escaped(key) + "' is not USER.FIELD");
            } else if (!FIELDS.contains(field)) {
                wrong.add(name.get());
                problems.add("user " + name.get() + ": there is no field '" + escaped(field) + "'");
            } else if (entries.computeIfAbsent(name.get(), n -> new HashMap<>()).put(field, lines.getProperty(key)) != null) {
                wrong.add(name.get());
                problems.add("user " + name.get() + ": the field '" + field + "' stands twice, in different case");
            }
        }
        return entries;
    }

    private static User user(final UserName name, final Map<String, String> fields) {
        final Map<String, String> given = new HashMap<>();
        fields.forEach((field, value) -> given.put(field, value.strip()));
        final String permissions = given.getOrDefault("permissions", "W");
        if (!permissions.matches("W?")) {
            throw new IllegalArgumentException("permissions are 'W' or nothing");
        }
        final String enabled = given.getOrDefault("enabled", "true");
        if (!enabled.equals("true") && !enabled.equals("false")) {
            throw new IllegalArgumentException("enabled is neither true nor false");
        }
        final String quota = given.getOrDefault("quota", "");
        return new User(name,
                Optional.ofNullable(given.get("password")).filter(text -> !text.isEmpty()).map(PasswordHash::new),
                directory(given.getOrDefault("directory", name.value())),
                quota.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(quota).bytes()),
                permissions.contains("W"), enabled.equals("true"));
    }

    private static String directory(final String directory) {
        if (directory.isEmpty() || Arrays.asList(directory.split("[/\\\\]")).contains("..")
                || directory.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a directory is relative without '..', or absolute");
        }
        return directory;
    }

    /** What others wrote must not look like lines of the log. */
    private static String escaped(final String text) {
        final StringBuilder escaped = new StringBuilder();
        text.chars().limit(80).forEach(c -> escaped.append(
                Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", c) : String.valueOf((char) c)));
        return escaped.toString();
    }
}
