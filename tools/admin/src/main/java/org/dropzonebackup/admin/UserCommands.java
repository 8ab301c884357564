package org.dropzonebackup.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.LockedFile;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersEditor;

/** The commands that change the users file, each under the lock of the file. */
final class UserCommands {

    /** Options that are also fields of the users file. */
    private static final Map<String, Function<String, ?>> FIELDS = Map.of("quota", ByteSize::parse,
            "min-file-size", ByteSize::parse, "existing", Existing::parse,
            "keep-for", KeepRule::parseKeepFor, "keep-at-least", KeepRule::parseAtLeast,
            "expect-every", FreshnessRule::parseEvery, "expect-grace", DurationText::parse, "expect-min-size", ByteSize::parse);

    private final Path file;
    private final UserDirectories directories;
    private final CommandLine line;

    UserCommands(final AdminSettings settings, final CommandLine line) throws AdminException {
        this.file = settings.usersFile();
        this.directories = new UserDirectories(settings.uploadBaseDir());
        this.line = line;
    }

    void addUser(final UserName user) throws AdminException, IOException {
        checkOptions();
        final boolean isNew = !new UsersEditor(textNow()).has(user);
        if (!isNew && !line.hasOption("update")) {
            throw exists(user);
        }
        // Before the lock is taken, so that nobody has to wait for the prompt
        final PasswordHash hash = PasswordHash.of(PasswordInput.read(line, user));
        createDirectory(isNew ? Optional.of(user.value()) : Optional.empty());
        edit(users -> {
            if (users.has(user) && !line.hasOption("update")) {
                throw exists(user);
            }
            users.set(user, "password", hash.text());
            setGiven(users, user);
        });
    }

    /** Creates the directory before the users file is changed, as every user in it must be able to upload. */
    private void createDirectory(final Optional<String> byDefault) throws AdminException {
        directories.create(Optional.ofNullable(line.getOptionValue("prefix")).or(() -> byDefault).stream().toList());
    }

    private static AdminException exists(final UserName user) {
        return AdminException.refused("User " + user + " exists already; --update changes the password");
    }

    void setPassword(final UserName user) throws AdminException, IOException {
        requireUser(new UsersEditor(textNow()), user);
        final PasswordHash hash = PasswordHash.of(PasswordInput.read(line, user));
        edit(users -> {
            requireUser(users, user);
            users.set(user, "password", hash.text());
        });
    }

    void modifyUser(final UserName user) throws AdminException, IOException {
        checkOptions();
        if (line.hasOption("enable") && line.hasOption("disable")) {
            throw AdminException.usage("Either --enable or --disable");
        }
        requireUser(new UsersEditor(textNow()), user);
        createDirectory(Optional.empty());
        edit(users -> {
            requireUser(users, user);
            setGiven(users, user);
            if (line.hasOption("enable") || line.hasOption("disable")) {
                users.set(user, "enabled", String.valueOf(line.hasOption("enable")));
            }
        });
    }

    void deleteUser(final UserName user) throws AdminException, IOException {
        edit(users -> {
            requireUser(users, user);
            users.remove(user);
        });
    }

    void importUsers() throws AdminException, IOException {
        if (!line.hasOption("passwd")) {
            throw AdminException.usage("import needs --passwd FILE");
        }
        final List<String> original = read(AdminSettings.path(line.getOptionValue("passwd")));
        final List<String> refused = new ArrayList<>();
        final List<String> imported = new ArrayList<>();
        edit(users -> {
            for (final String entry : original) {
                if (!entry.isBlank() && !entry.strip().startsWith("#")) {
                    importEntry(users, entry.strip(), imported).ifPresent(refused::add);
                }
            }
        });
        directories.create(imported);
        if (!refused.isEmpty()) {
            throw AdminException.refused(String.join(System.lineSeparator(), refused));
        }
    }

    private static List<String> read(final Path original) throws AdminException {
        try {
            return TextFile.read(original).lines().toList();
        } catch (final IOException e) {
            throw AdminException.refused("The file " + original + " cannot be read: " + FileFault.describe(e));
        }
    }

    /** @return why the entry was not imported; empty if it was, and its directory was added */
    private Optional<String> importEntry(final UsersEditor users, final String entry, final List<String> imported) {
        final String[] fields = entry.split(":", 4);
        final Optional<UserName> user = UserName.parse(fields[0]);
        if (fields.length < 4 || user.isEmpty()) {
            return Optional.of("not imported: '" + fields[0] + "' is not a user name, or the line does not have four fields");
        }
        if (users.has(user.get()) && !line.hasOption("update")) {
            return Optional.of("not imported: user " + user.get() + " exists already; --update changes it");
        }
        try {
            // Both are checked before anything is set: a user is imported completely or not at all
            final PasswordHash hash = new PasswordHash(fields[3].strip());
            final String directory = User.checkedDirectory(fields[1].isBlank() ? "." : fields[1].strip());
            users.set(user.get(), "password", hash.text());
            users.set(user.get(), "directory", directory);
            users.set(user.get(), "permissions", fields[2].contains("W") ? "W" : "");
            imported.add(directory);
            return Optional.empty();
        } catch (final IllegalArgumentException e) {
            return Optional.of("not imported: user " + user.get() + ": " + e.getMessage());
        }
    }

    private interface Edit {
        void apply(UsersEditor users) throws AdminException;
    }

    private void edit(final Edit edit) throws AdminException, IOException {
        try (LockedFile locked = LockedFile.open(file)) {
            final UsersEditor users = new UsersEditor(locked.read());
            users.checkLineEnds();
            edit.apply(users);
            locked.replace(users.toString());
        } catch (final IllegalArgumentException e) {
            throw AdminException.refused("Nothing was changed in " + file + ": " + e.getMessage());
        }
    }

    private String textNow() throws IOException {
        return Files.exists(file) ? TextFile.read(file) : "";
    }

    private static void requireUser(final UsersEditor users, final UserName user) throws AdminException {
        if (!users.has(user)) {
            throw AdminException.refused("There is no user " + user);
        }
    }

    private void checkOptions() throws AdminException {
        for (final String field : givenFields()) {
            if (!removes(field)) {
                Command.value(line, field, FIELDS.get(field));
            }
        }
        if (line.hasOption("prefix")) {
            Command.value(line, "prefix", User::checkedDirectory);
        }
    }

    private void setGiven(final UsersEditor users, final UserName user) {
        if (line.hasOption("prefix")) {
            users.set(user, "directory", line.getOptionValue("prefix"));
        }
        for (final String field : givenFields()) {
            if (removes(field)) {
                users.unset(user, field);
            } else {
                users.set(user, field, line.getOptionValue(field).strip());
            }
        }
    }

    private List<String> givenFields() {
        return FIELDS.keySet().stream().filter(line::hasOption).sorted().toList();
    }

    private boolean removes(final String field) {
        final String value = line.getOptionValue(field);
        return value.equals("none") || field.equals("existing") && value.isEmpty();
    }
}
