package org.dropzonebackup.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.config.SettingsException;
import org.dropzonebackup.core.config.SettingsException.Problem;
import org.dropzonebackup.core.config.Source;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersFile;

/**
 * The server's settings that the admin tool uses: from options, else the environment, else the server's settings file.
 * Immutable.
 *
 * @param texts the values that are set or have a default
 */
record AdminSettings(Map<Setting, String> texts) {

    private static final Set<Setting> USED =
            EnumSet.of(Setting.USERS_FILE, Setting.UPLOAD_BASE_DIR, Setting.ANONYMOUS_DIR, Setting.TMP_SUFFIX,
                    Setting.KEEP_FOR, Setting.KEEP_AT_LEAST, Setting.SIGNING_KEY);

    /**
     * Reads the settings.
     *
     * @throws AdminException if something is wrong in the settings file
     */
    static AdminSettings of(final CommandLine line) throws AdminException {
        final Source options = new Source(key -> "option --" + key, key -> line.getOptionValue(key,
                key.equals(Setting.USERS_FILE.key()) ? line.getOptionValue("passwdfile") : null));
        try {
            return new AdminSettings(Settings.texts(USED, List.of(options, Source.environment())));
        } catch (final SettingsException e) {
            throw AdminException.refused(
                    e.problems().stream().map(Problem::sentence).collect(Collectors.joining(System.lineSeparator())));
        }
    }

    Path usersFile() throws AdminException {
        return path(texts.getOrDefault(Setting.USERS_FILE, "users.properties"));
    }

    Optional<Path> uploadBaseDir() throws AdminException {
        return texts.containsKey(Setting.UPLOAD_BASE_DIR)
                ? Optional.of(path(texts.get(Setting.UPLOAD_BASE_DIR)).toAbsolutePath()) : Optional.empty();
    }

    /**
     * The file with the key that signs receipts.
     *
     * @throws AdminException if neither it nor the base directory is known
     */
    Path signingKey() throws AdminException {
        if (texts.containsKey(Setting.SIGNING_KEY)) {
            return path(texts.get(Setting.SIGNING_KEY));
        }
        return uploadBaseDir().orElseThrow(() -> AdminException.usage("--upload-base-dir DIR or --signing-key FILE is needed"))
                .resolve(SigningKeys.DEFAULT);
    }

    /** The base directory; the current one if it is not known. */
    Path base() throws AdminException {
        return uploadBaseDir().orElse(Path.of(""));
    }

    Optional<String> anonymousDir() {
        return Optional.ofNullable(texts.get(Setting.ANONYMOUS_DIR));
    }

    String tmpSuffix() {
        return texts.get(Setting.TMP_SUFFIX);
    }

    /**
     * Parses a setting.
     *
     * @param parser throws {@link IllegalArgumentException} with a sentence
     * @throws AdminException if the value is wrong
     */
    <T> Optional<T> value(final Setting setting, final Function<String, T> parser) throws AdminException {
        try {
            return Optional.ofNullable(texts.get(setting)).map(parser);
        } catch (final IllegalArgumentException e) {
            throw AdminException.usage(setting.key() + ": " + e.getMessage());
        }
    }

    /**
     * The directories of all users, and the anonymous one, without duplicates, as users may share one; those that are missing are
     * left out.
     *
     * @throws AdminException if one is relative and the base directory is not known
     * @throws IOException if the users file cannot be read
     */
    Set<String> directories() throws AdminException, IOException {
        final Path usersFile = usersFile();
        final UsersFile users = UsersFile.read(usersFile);
        users.problems().forEach(problem -> System.err.println(usersFile + ": " + problem));
        final List<String> written = new ArrayList<>(users.users().values().stream().map(User::directory).sorted().toList());
        anonymousDir().ifPresent(written::add);
        final Set<Path> known = new LinkedHashSet<>();
        final Set<String> directories = new LinkedHashSet<>();
        for (final String directory : written) {
            final Path path = base().resolve(AdminSettings.path(directory));
            if (!path.isAbsolute()) {
                throw AdminException.usage("The directory '" + directory + "' is relative: --upload-base-dir is needed");
            }
            if (Files.isDirectory(path) && known.add(path.toRealPath())) {
                directories.add(directory);
            }
        }
        return directories;
    }

    /**
     * Parses a path.
     *
     * @throws AdminException if no file on this system can have it
     */
    static Path path(final String text) throws AdminException {
        try {
            return Path.of(text);
        } catch (final InvalidPathException e) {
            throw AdminException.refused("'" + text + "' cannot be a path here: " + e.getReason() + CommandLineArguments.localeHint());
        }
    }
}
