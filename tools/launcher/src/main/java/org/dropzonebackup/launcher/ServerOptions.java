package org.dropzonebackup.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.config.SettingsException;
import org.dropzonebackup.core.config.Source;
import org.dropzonebackup.core.units.DurationText;

/**
 * The options of the server jar. Those that are settings of the application are handed on by name; a switch without a
 * value is {@code true}.
 */
final class ServerOptions {

    private static final List<String> SWITCHES = List.of("overwrite", "auto-create-user-dirs", "fsync");
    private static final List<String> VALUES = List.of("upload-base-dir", "anonymous-dir", "tmp-suffix",
            "free-space-reserve", "stale-after", "refusal-drain", "trusted-proxies", "config");

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
                .addOption("p", "port", true, "port to listen on, 0 for any free one (8888)")
                .addOption("l", "listen", true, "address to listen on (all)")
                .addOption(null, "users-file", true, "the users file (users.properties)")
                .addOption(null, "passwdfile", true, "the same as --users-file")
                .addOption("m", "max-file-size", true, "most bytes of a file, such as 500MB (1 TiB)")
                .addOption(null, "pidfile", true, "where to write the process id")
                .addOption(null, "shutdown-grace", true, "how long uploads may finish when the server stops (30 s)")
                .addOption(null, "first-user", true, "set up a first run: create the users file with this user")
                .addOption("v", "verbose", false, "log what happens")
                .addOption("d", "debug", false, "log much more")
                .addOption("h", "help", false, "show this and exit")
                .addOption("V", "version", false, "show the version and exit");
        VALUES.forEach(name -> options.addOption(Option.builder().longOpt(name).hasArg().desc("setting, see README").get()));
        SWITCHES.forEach(name -> options.addOption(
                Option.builder().longOpt(name).hasArg().optionalArg(true).desc("setting, true or false").get()));
        return options;
    }

    boolean has(final String option) {
        return line.hasOption(option);
    }

    Optional<String> value(final String option) {
        return Optional.ofNullable(line.getOptionValue(option));
    }

    int port() throws StartException {
        final String port = value("port").orElse("8888");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw StartException.usage("option --port: '" + port + "' is not a port, 0 to 65535");
        }
        return Integer.parseInt(port);
    }

    Duration shutdownGrace() throws StartException {
        try {
            return DurationText.parse(value("shutdown-grace").orElse("30 s"));
        } catch (final IllegalArgumentException e) {
            throw StartException.usage("option --shutdown-grace: " + e.getMessage());
        }
    }

    /** The settings among the options, by name. */
    Map<String, String> settings() {
        final Map<String, String> settings = new TreeMap<>();
        VALUES.forEach(name -> value(name).ifPresent(value -> settings.put(name, value)));
        value("max-file-size").ifPresent(value -> settings.put("max-file-size", value));
        value("passwdfile").ifPresent(value -> settings.put("users-file", value));
        value("users-file").ifPresent(value -> settings.put("users-file", value));
        SWITCHES.stream().filter(this::has).forEach(name -> settings.put(name, value(name).orElse("true")));
        return settings;
    }

    /**
     * Reads the settings as the application will, so that nothing starts with wrong ones.
     *
     * @throws StartException with all that is wrong
     */
    Settings check(final Map<String, String> settings) throws StartException {
        try {
            return Settings.read(List.of(new Source(name -> "option --" + name, settings::get),
                    Source.systemProperties(), Source.environment(), defaults()));
        } catch (final SettingsException e) {
            final String problems = e.getMessage().replace("; ", System.lineSeparator());
            throw e.problems().stream().anyMatch(SettingsException.Problem::unreadable)
                    ? StartException.usage(problems) : StartException.unusable(problems);
        }
    }

    /** Besides the options there is one more default than in a servlet container. */
    private static Source defaults() {
        return new Source(name -> "default of " + name, Map.of("users-file", "users.properties")::get);
    }
}
