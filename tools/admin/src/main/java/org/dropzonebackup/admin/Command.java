package org.dropzonebackup.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** A command as it is typed, with the options that it has: another is refused, since it would promise what is not done. */
enum Command {

    ADDUSER("--username U [--prefix DIR] [--quota SIZE] [--update]",
            "username", "prefix", "quota", "update", "password", "password-stdin"),
    PASSWD("--username U", "username", "password", "password-stdin"),
    MODUSER("--username U [--prefix DIR] [--quota SIZE|none] [--enable|--disable]",
            "username", "prefix", "quota", "enable", "disable"),
    DELUSER("--username U", "username"),
    LISTUSERS("[--json]", "json"),
    IMPORT("--passwd FILE [--update]", "passwd", "update"),
    CHECK("[--upload-base-dir DIR] [--server-memory SIZE]", "upload-base-dir", "server-memory"),
    LISTUPLOADS("[--upload-base-dir DIR] [--anonymous-dir DIR] [--json]",
            "upload-base-dir", "anonymous-dir", "tmp-suffix", "json"),
    DELUPLOADS("ID...|--all|--older-than DURATION [--upload-base-dir DIR] [--anonymous-dir DIR]",
            "all", "older-than", "upload-base-dir", "anonymous-dir", "tmp-suffix");

    private static final List<String> OF_EACH = List.of("users-file", "passwdfile", "help");

    private final String synopsis;
    private final List<String> own;

    Command(final String synopsis, final String... own) {
        this.synopsis = synopsis;
        this.own = List.of(own);
    }

    static Optional<Command> named(final String word) {
        return Arrays.stream(values()).filter(command -> command.toString().equals(word)).findFirst();
    }

    /** The options of all commands: which command it is, is known only when these are read. */
    static Options allOptions() {
        return new Options()
                .addOption(null, "users-file", true, "the users file (environment DROPZONE_USERS_FILE, users.properties)")
                .addOption(null, "passwdfile", true, "the same as --users-file")
                .addOption("u", "username", true, "whom the command is about")
                .addOption(null, "prefix", true, "the user's directory, relative to the base directory or absolute")
                .addOption(null, "quota", true, "most bytes of the user's files, such as 200GiB, or none")
                .addOption(null, "password", true, "the password; others can see it, better is --password-stdin")
                .addOption(null, "password-stdin", false, "read the password from standard input")
                .addOption(null, "update", false, "change users who exist")
                .addOption(null, "enable", false, "let the user log in")
                .addOption(null, "disable", false, "do not let the user log in")
                .addOption(null, "json", false, "list as JSON")
                .addOption(null, "passwd", true, "the original server's passwd file")
                .addOption(null, "upload-base-dir", true, "below which relative directories are looked for")
                .addOption(null, "server-memory", true,
                        "the servers' -Xmx, in which password hashes have to fit (default " + Check.USUAL_MEMORY + ")")
                .addOption(null, "anonymous-dir", true, "where anonymous uploads go, beside the directories of the users")
                .addOption(null, "tmp-suffix", true, "the servers' setting of that name, if it is not the default")
                .addOption(null, "all", false, "remove all uploads that are not published")
                .addOption(null, "older-than", true, "remove uploads to which nothing came for so long, such as 7d")
                .addOption("h", "help", false, "show this and exit");
    }

    /** The options of this command, described. */
    Options options() {
        final Options options = new Options();
        allOptions().getOptions().stream().filter(option -> has(option.getLongOpt())).forEach(options::addOption);
        return options;
    }

    /**
     * @throws AdminException if there is an option that this command does not have
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

    private boolean has(final String option) {
        return Stream.concat(OF_EACH.stream(), own.stream()).anyMatch(option::equals);
    }

    /** The command and what follows it. */
    String synopsis() {
        return this + " " + synopsis;
    }

    /** The word that is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
