package org.dropzonebackup.admin;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.config.SettingsException;
import org.dropzonebackup.core.config.SettingsException.Problem;
import org.dropzonebackup.core.config.Source;

/**
 * Where things lie: as an option says, else the environment, else the server's own settings file. Immutable.
 *
 * @param given what is said by any of them, or has a default
 */
record Places(Map<Setting, String> given) {

    private static final Set<Setting> NEEDED =
            EnumSet.of(Setting.USERS_FILE, Setting.UPLOAD_BASE_DIR, Setting.ANONYMOUS_DIR, Setting.TMP_SUFFIX);

    /**
     * @throws AdminException if there is a settings file, and it is wrong
     */
    static Places of(final CommandLine line) throws AdminException {
        final Source options = new Source(key -> "option --" + key, key -> line.getOptionValue(key,
                key.equals(Setting.USERS_FILE.key()) ? line.getOptionValue("passwdfile") : null));
        try {
            return new Places(Settings.texts(NEEDED, List.of(options, Source.environment())));
        } catch (final SettingsException e) {
            throw AdminException.refused(
                    e.problems().stream().map(Problem::sentence).collect(Collectors.joining(System.lineSeparator())));
        }
    }

    Path usersFile() throws AdminException {
        return path(given.getOrDefault(Setting.USERS_FILE, "users.properties"));
    }

    /** Below which relative directories lie, if anything says so. */
    Optional<Path> uploadBaseDir() throws AdminException {
        return given.containsKey(Setting.UPLOAD_BASE_DIR)
                ? Optional.of(path(given.get(Setting.UPLOAD_BASE_DIR)).toAbsolutePath()) : Optional.empty();
    }

    Optional<String> anonymousDir() {
        return Optional.ofNullable(given.get(Setting.ANONYMOUS_DIR));
    }

    String tmpSuffix() {
        return given.get(Setting.TMP_SUFFIX);
    }

    /**
     * @throws AdminException if it cannot be the path of anything on this system
     */
    static Path path(final String text) throws AdminException {
        try {
            return Path.of(text);
        } catch (final InvalidPathException e) {
            throw AdminException.refused("'" + text + "' cannot be a path here: " + e.getReason()
                    + (Arguments.isNarrow() ? ", " + Arguments.WIDEN : ""));
        }
    }
}
