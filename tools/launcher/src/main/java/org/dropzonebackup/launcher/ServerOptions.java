package org.dropzonebackup.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.config.SettingsException;
import org.dropzonebackup.core.config.SettingsException.Problem;
import org.dropzonebackup.core.config.Source;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;
import org.dropzonebackup.core.units.HelpTable;
import org.dropzonebackup.core.users.UsersFile;

/**
 * The options of the server jar. Every setting of the application is one by its name, and is handed on; a switch
 * without a value is {@code true}.
 */
final class ServerOptions {

    static final String SYNTAX = "java -jar dropzone-server.jar --upload-base-dir DIR [options]";

    /** Besides the options there is one more default than in a servlet container. */
    private static final Map<Setting, String> DEFAULTS = Map.of(Setting.USERS_FILE, "users.properties");

    private static final int SMALLEST_HEADERS = 4 << 10;
    private static final int LARGEST_HEADERS = 1 << 20;

    private final CommandLine line;

    private ServerOptions(final CommandLine line) {
        this.line = line;
    }

    /**
     * @throws StartException with exit status 2 if they are wrong
     */
    static ServerOptions parse(final String... arguments) throws StartException {
        try {
            final CommandLine line = DefaultParser.builder().setAllowPartialMatching(false).get()
                    .parse(options(), arguments);
            if (!line.getArgList().isEmpty()) {
                throw StartException.usage("unexpected argument: " + line.getArgList().get(0));
            }
            return new ServerOptions(line);
        } catch (final ParseException e) {
            throw StartException.usage(e.getMessage());
        }
    }

    static Options options() {
        final Options options = new Options()
                .addOption(option("p", "port", "PORT", "port to listen on, 0 for any free one (default 8888)"))
                .addOption(option("l", "listen", "ADDRESS", "address to listen on (default: all)"))
                .addOption(option(null, "passwdfile", "FILE", "the same as --users-file"))
                .addOption(option(null, "pidfile", "FILE", "where to write the process id"))
                .addOption(option(null, "shutdown-grace", "DURATION",
                        "how long uploads may finish when the server stops (default 30 s)"))
                .addOption(option(null, "max-header-size", "SIZE",
                        "how large the headers of a request may be together, cookies included; then 431 (default 8 KiB)"))
                .addOption(option(null, "first-user", "NAME",
                        "for a first run: if there is no users file, create it with this user and print a password"))
                .addOption(option(null, "log-format", "FORMAT", "lines of the log: text, or json, an object for each (default text)"))
                .addOption("v", "verbose", false, "log what happens, with a line for each uploaded file")
                .addOption("d", "debug", false, "log much more")
                .addOption("h", "help", false, "show this and exit")
                .addOption("V", "version", false, "show the version and exit");
        for (final Setting setting : Setting.values()) {
            options.addOption(option(setting));
        }
        return options;
    }

    private static Option option(final String letter, final String name, final String value, final String meaning) {
        return Option.builder(letter).longOpt(name).hasArg().argName(value).desc(meaning).get();
    }

    private static Option option(final Setting setting) {
        final String usual = DEFAULTS.getOrDefault(setting, setting.defaultText());
        return Option.builder(setting == Setting.MAX_FILE_SIZE ? "m" : null).longOpt(setting.key())
                .hasArg().optionalArg(setting.isSwitch()).argName(setting.isSwitch() ? "[true|false]" : "VALUE")
                .desc(setting.meaning() + (usual.isEmpty() ? "" : " (default " + usual + ")")).get();
    }

    /** How the server is started, and what each option means. */
    static String help() {
        final HelpTable table = new HelpTable();
        for (final Option option : options().getOptions()) {
            table.row((option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt()
                    + (option.hasArg() ? " " + option.getArgName() : ""), option.getDescription());
        }
        return "usage: " + SYNTAX + System.lineSeparator() + System.lineSeparator() + table;
    }

    boolean has(final String option) {
        return line.hasOption(option);
    }

    Optional<String> value(final String option) {
        final String[] values = line.getOptionValues(option);
        // The last one, as scripts add their own behind those of others
        return values == null ? Optional.empty() : Optional.of(values[values.length - 1]);
    }

    int port() throws StartException {
        final String port = value("port").orElse("8888");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw StartException.usage("option --port: '" + port + "' is not a port, 0 to 65535");
        }
        return Integer.parseInt(port);
    }

    boolean logsJson() throws StartException {
        final String format = value("log-format").orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            throw StartException.usage("option --log-format: '" + format + "' is neither text nor json");
        }
        return format.equals("json");
    }

    /** Nothing: on all addresses. */
    Optional<InetAddress> listen() throws StartException {
        final Optional<String> address = value("listen");
        try {
            return address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(address.get()));
        } catch (final UnknownHostException e) {
            throw StartException.usage("option --listen: '" + address.get() + "' is not an address");
        }
    }

    Duration shutdownGrace() throws StartException {
        try {
            return DurationText.parse(value("shutdown-grace").orElse("30 s"));
        } catch (final IllegalArgumentException e) {
            throw StartException.usage("option --shutdown-grace: " + e.getMessage());
        }
    }

    /** Bytes. */
    int maxHeaderSize() throws StartException {
        try {
            final long size = ByteSize.parse(value("max-header-size").orElse("8 KiB")).bytes();
            if (size < SMALLEST_HEADERS || size > LARGEST_HEADERS) {
                throw StartException.usage("option --max-header-size: it has to be from 4 KiB to 1 MiB");
            }
            return (int) size;
        } catch (final IllegalArgumentException e) {
            throw StartException.usage("option --max-header-size: " + e.getMessage());
        }
    }

    /** The settings among the options, by their keys. */
    Map<String, String> settings() {
        final Map<String, String> settings = new TreeMap<>();
        value("passwdfile").ifPresent(value -> settings.put(Setting.USERS_FILE.key(), value));
        for (final Setting setting : Setting.values()) {
            if (has(setting.key())) {
                settings.put(setting.key(), value(setting.key()).orElse("true"));
            }
        }
        return settings;
    }

    /** The path that a setting names, however it is given; nothing if it names none. */
    Optional<Path> path(final Setting setting) {
        return Settings.path(setting, sources(), DEFAULTS);
    }

    /**
     * Reads the settings as the application will, so that nothing starts with wrong ones.
     *
     * @throws StartException with all that is wrong
     */
    Settings check() throws StartException {
        final List<Problem> problems = new ArrayList<>();
        path(Setting.USERS_FILE).flatMap(ServerOptions::problemOf).ifPresent(problems::add);
        Optional<Settings> settings = Optional.empty();
        try {
            settings = Optional.of(Settings.read(sources(), DEFAULTS));
        } catch (final SettingsException e) {
            problems.addAll(0, e.problems());
        }
        if (problems.isEmpty()) {
            return settings.orElseThrow();
        }
        final String sentences = String.join(System.lineSeparator(), problems.stream().map(Problem::sentence).toList());
        throw problems.stream().anyMatch(Problem::unreadable)
                ? StartException.usage(sentences) : StartException.unusable(sentences);
    }

    private List<Source> sources() {
        return List.of(new Source(key -> "option --" + key, settings()::get), Source.systemProperties(),
                Source.environment());
    }

    private static Optional<Problem> problemOf(final Path usersFile) {
        try {
            UsersFile.read(usersFile);
            return Optional.empty();
        } catch (final NoSuchFileException e) {
            return Optional.of(new Problem("there is no users file " + usersFile
                    + ": create it with the admin tool, or with --first-user NAME", false));
        } catch (final IOException e) {
            return Optional.of(new Problem("the users file " + usersFile + " cannot be read: " + FileFault.describe(e), false));
        }
    }
}
