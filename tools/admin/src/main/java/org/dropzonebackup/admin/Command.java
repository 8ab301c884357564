package org.dropzonebackup.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.dropzonebackup.core.units.HelpTable;

/** The commands, each with its options. Other options are refused, as ignoring one could mislead. */
enum Command {

    ADDUSER("--username U [--prefix DIR] [--quota SIZE] [--min-file-size SIZE] [--existing refuse|keep|replace]"
            + " [--keep-for DURATION] [--keep-at-least N]"
            + " [--expect-every DURATION] [--expect-grace DURATION] [--expect-min-size SIZE] [--update]",
            "adds a user, and creates the directory if the base is known; with --update changes an existing one",
            "username", "prefix", "quota", "min-file-size", "existing", "keep-for", "keep-at-least",
            "expect-every", "expect-grace", "expect-min-size", "update", "password",
            "password-stdin", "upload-base-dir"),
    PASSWD("--username U", "sets a new password", "username", "password", "password-stdin"),
    MODUSER("--username U [--prefix DIR] [--quota SIZE|none] [--min-file-size SIZE|none]"
            + " [--existing refuse|keep|replace|none] [--keep-for DURATION|none] [--keep-at-least N|none]"
            + " [--expect-every DURATION|none] [--expect-grace DURATION|none] [--expect-min-size SIZE|none] [--enable|--disable]",
            "changes the given fields, and nothing else",
            "username", "prefix", "quota", "min-file-size", "existing", "keep-for", "keep-at-least",
            "expect-every", "expect-grace", "expect-min-size", "enable", "disable",
            "upload-base-dir"),
    DELUSER("--username U", "removes a user, never the files", "username"),
    LISTUSERS("[--json]", "lists users with directory, quota and state, never hashes", "json"),
    IMPORT("--passwd FILE [--update]", "imports users of the original server, with their passwords",
            "passwd", "update", "upload-base-dir"),
    STATUS("--upload-base-dir DIR [--user U] [--json]",
            "shows each user's last file, space and state; exits with 1 if an expected file is late, with 2 if its grace is over",
            "user", "username", "upload-base-dir", "tmp-suffix", "json"),
    CHECK("[--upload-base-dir DIR] [--server-memory SIZE]",
            "reports what is wrong with the users file, its permissions, the directories and the hashes",
            "upload-base-dir", "server-memory"),
    PRUNE("--upload-base-dir DIR [--user U] [--keep-for DURATION] [--keep-at-least N] [--dry-run] [--accept-clock]",
            "removes files that are kept no longer, as the server does by itself, and says why",
            "user", "username", "upload-base-dir", "tmp-suffix", "keep-for", "keep-at-least", "dry-run", "accept-clock"),
    LISTUPLOADS("[--upload-base-dir DIR] [--anonymous-dir DIR] [--json]", "lists unfinished uploads",
            "upload-base-dir", "anonymous-dir", "tmp-suffix", "json"),
    DELUPLOADS("ID...|--all|--older-than DURATION [--upload-base-dir DIR] [--anonymous-dir DIR]",
            "removes unfinished uploads, never a stored file",
            "all", "older-than", "upload-base-dir", "anonymous-dir", "tmp-suffix"),
    VERIFY("[--user U] [--max-rate SIZE] [--continue] [--accept-journal] [--json] [--upload-base-dir DIR] [--anonymous-dir DIR]"
            + " [--signing-key FILE]",
            "reads the journal and all stored files, and reports what is not as it was stored",
            "user", "username", "max-rate", "continue", "accept-journal", "signing-key", "upload-base-dir", "anonymous-dir", "tmp-suffix", "json"),
    KEY("[--signing-key FILE|--upload-base-dir DIR] [--rotate]",
            "prints the public keys that verify receipts, as a JWK Set; with --rotate begins a new key first",
            "signing-key", "upload-base-dir", "rotate");

    private static final String SYNTAX = "java -jar dropzone-admin.jar ";
    private static final List<String> COMMON = List.of("users-file", "passwdfile", "config", "help", "version");

    private final String synopsis;
    private final String meaning;
    private final List<String> own;

    Command(final String synopsis, final String meaning, final String... own) {
        this.synopsis = synopsis;
        this.meaning = meaning;
        this.own = List.of(own);
    }

    static Optional<Command> named(final String word) {
        return Arrays.stream(values()).filter(command -> command.toString().equals(word)).findFirst();
    }

    /** The options of all commands: the command is known only after these have been parsed. */
    static Options allOptions() {
        return new Options()
                .addOption(option("users-file", "FILE", "the users file (else DROPZONE_USERS_FILE, users.properties)"))
                .addOption(option("passwdfile", "FILE", "the same as --users-file"))
                .addOption(option("config", "FILE", "the server's settings file, for paths (else DROPZONE_CONFIG)"))
                .addOption(Option.builder("u").longOpt("username").argName("U").hasArg().desc("the user").get())
                .addOption(option("user", "U", "the same as --username"))
                .addOption(option("prefix", "DIR", "the user's directory, relative or absolute (default: the user name)"))
                .addOption(option("quota", "SIZE", "largest total size of the user's files, such as 200GiB, or none"))
                .addOption(option("min-file-size", "SIZE", "smallest size of each file, such as 1 KiB, or none: as the server"))
                .addOption(option("existing", "WHAT",
                        "if a name is taken: refuse, keep (store both) or replace; or none: as the server"))
                .addOption(option("keep-for", "DURATION", "how long files are kept, such as 90d, or none: as the server"))
                .addOption(option("keep-at-least", "N", "how many of the newest of a name are kept, or none: as the server"))
                .addOption(option("expect-every", "DURATION", "in which time the next file is expected, such as 1d, or none: never"))
                .addOption(option("expect-grace", "DURATION",
                        "how late it may be until that is serious, or none: a quarter of --expect-every"))
                .addOption(option("expect-min-size", "SIZE", "files that are smaller do not count, or none: all do"))
                .addOption(option("password", "PASSWORD", "the password; others can see it, --password-stdin is better"))
                .addOption(null, "password-stdin", false, "read the password from standard input, in UTF-8")
                .addOption(null, "update", false, "change existing users")
                .addOption(null, "enable", false, "let the user log in")
                .addOption(null, "disable", false, "do not let the user log in")
                .addOption(null, "json", false, "list as JSON")
                .addOption(option("passwd", "FILE", "the original server's passwd file"))
                .addOption(option("upload-base-dir", "DIR",
                        "the base of the users' directories (else DROPZONE_UPLOAD_BASE_DIR, --config)"))
                .addOption(option("server-memory", "SIZE",
                        "the heap of the server (its -Xmx; default " + Check.DEFAULT_MEMORY + ")"))
                .addOption(option("anonymous-dir", "DIR", "where anonymous uploads go"))
                .addOption(option("tmp-suffix", "SUFFIX", "the server's setting of that name, if it is not the default"))
                .addOption(null, "dry-run", false, "say what would be removed, and remove nothing")
                .addOption(null, "accept-clock", false, "the clock of this machine is right, whatever speaks against it")
                .addOption(option("signing-key", "FILE", "the server's setting of that name, if it is not the default"))
                .addOption(null, "rotate", false, "begin a new key; what the old ones have signed can still be verified")
                .addOption(null, "all", false, "remove all unfinished uploads")
                .addOption(option("older-than", "DURATION", "remove uploads that received nothing for this time, such as 7d"))
                .addOption(option("max-rate", "SIZE", "read no more than this in a second, such as 50MB/s"))
                .addOption(null, "continue", false, "go on with the verification that was stopped")
                .addOption(null, "accept-journal", false, "sign the journal as it ends now, whatever was signed before")
                .addOption("h", "help", false, "show this, or the options of a command, and exit")
                .addOption("V", "version", false, "show the version and exit");
    }

    private static Option option(final String name, final String value, final String meaning) {
        return Option.builder().longOpt(name).argName(value).hasArg().desc(meaning).get();
    }

    /** The help for one command, or for all. */
    static String help(final Optional<Command> named) {
        final HelpTable options = new HelpTable();
        for (final Option option : named.map(Command::options).orElseGet(Command::allOptions).getOptions()) {
            options.row((option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt()
                    + (option.hasArg() ? " " + option.getArgName() : ""), option.getDescription());
        }
        final String n = System.lineSeparator();
        return named.map(command -> "usage: " + SYNTAX + command.synopsis() + n + n + command.meaning + n)
                .orElseGet(() -> "usage: " + SYNTAX + "COMMAND [options]" + n + n + summaries() + n
                        + "help COMMAND shows which of these options it has:" + n) + n + options;
    }

    private static String summaries() {
        return Arrays.stream(values()).map(command -> "  " + command.synopsis() + System.lineSeparator() + "      "
                + command.meaning + System.lineSeparator()).collect(Collectors.joining());
    }

    Options options() {
        final Options options = new Options();
        allOptions().getOptions().stream().filter(option -> has(option.getLongOpt())).forEach(options::addOption);
        return options;
    }

    /**
     * Checks the options.
     *
     * @throws AdminException if there is one that this command does not have
     */
    void check(final CommandLine line) throws AdminException {
        for (final Option option : line.getOptions()) {
            final String name = option.getLongOpt();
            if (!has(name)) {
                throw AdminException.usage(this + " has no option --" + name + ": it is one of " + Arrays.stream(values())
                        .filter(command -> command.has(name)).map(Command::toString).collect(Collectors.joining(", ")));
            }
        }
    }

    /**
     * Parses the value of an option.
     *
     * @param parser throws {@link IllegalArgumentException} with a sentence
     * @throws AdminException if the value is wrong
     */
    static <T> T value(final CommandLine line, final String option, final Function<String, T> parser) throws AdminException {
        try {
            return parser.apply(line.getOptionValue(option));
        } catch (final IllegalArgumentException e) {
            throw AdminException.usage("--" + option + ": " + e.getMessage());
        }
    }

    /** The value of {@code --user} or {@code --username}, which are the same; null if there is none. */
    static String userName(final CommandLine line) {
        return line.getOptionValue("user", line.getOptionValue("username"));
    }

    private boolean has(final String option) {
        return Stream.concat(COMMON.stream(), own.stream()).anyMatch(option::equals);
    }

    /** The command with its arguments. */
    String synopsis() {
        return this + " " + synopsis;
    }

    /** The command as it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
