package org.dropzonebackup.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;
import org.dropzonebackup.core.users.UserName;

/** {@code java -jar dropzone-admin.jar COMMAND [options]}. Exit status: 0 done, 1 refused, 2 wrong usage. */
public final class AdminTool {

    private static final String SYNTAX = "java -jar dropzone-admin.jar COMMAND [options]";
    private static final String COMMANDS = """
            adduser --username U [--prefix DIR] [--quota SIZE] [--update]
            passwd --username U
            moduser --username U [--prefix DIR] [--quota SIZE|none] [--enable|--disable]
            deluser --username U
            listusers [--json]
            import --passwd FILE [--update]
            check [--upload-base-dir DIR]
            listuploads [--upload-base-dir DIR] [--anonymous-dir DIR] [--json]
            deluploads ID...|--all|--older-than DURATION [--upload-base-dir DIR] [--anonymous-dir DIR]""";

    private AdminTool() {
    }

    /**
     * @param arguments see {@code --help}
     */
    public static void main(final String... arguments) {
        int status = 0;
        try {
            run(arguments);
        } catch (final AdminException e) {
            System.err.println(e.getMessage());
            status = e.exitStatus();
        } catch (final IOException e) {
            System.err.println("The users file cannot be read or written: " + e);
            status = 1;
        }
        System.exit(status);
    }

    static Options options() {
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
                .addOption(null, "anonymous-dir", true, "where anonymous uploads go, beside the directories of the users")
                .addOption(null, "tmp-suffix", true, "the servers' setting of that name, if it is not the default")
                .addOption(null, "all", false, "remove all uploads that are not published")
                .addOption(null, "older-than", true, "remove uploads to which nothing came for so long, such as 7d")
                .addOption("h", "help", false, "show this and exit");
    }

    private static void run(final String... arguments) throws AdminException, IOException {
        final CommandLine line = parse(arguments);
        if (line.hasOption("help")) {
            System.out.println(COMMANDS);
            HelpFormatter.builder().setShowSince(false).get().printHelp(SYNTAX, "", options(), "", false);
            return;
        }
        final List<String> words = line.getArgList();
        if (words.size() != 1 && !(words.size() > 1 && words.get(0).equals("deluploads"))) {
            throw usage("One command is needed");
        }
        final Path file = Path.of(Optional.ofNullable(line.getOptionValue("users-file"))
                .or(() -> Optional.ofNullable(line.getOptionValue("passwdfile")))
                .or(() -> Optional.ofNullable(System.getenv("DROPZONE_USERS_FILE")).filter(name -> !name.isBlank()))
                .orElse("users.properties"));
        final Commands commands = new Commands(file, line);
        switch (words.get(0)) {
            case "adduser" -> commands.addUser(user(line));
            case "passwd" -> commands.setPassword(user(line));
            case "moduser" -> commands.modifyUser(user(line));
            case "deluser" -> commands.deleteUser(user(line));
            case "listusers" -> new Listing(file).print(line.hasOption("json"));
            case "import" -> commands.importUsers();
            case "check" -> new Check(file, Optional.ofNullable(line.getOptionValue("upload-base-dir"))).run();
            case "listuploads" -> new Uploads(file, line, Clock.systemUTC()).print(line.hasOption("json"));
            case "deluploads" -> new Uploads(file, line, Clock.systemUTC()).delete(words.subList(1, words.size()));
            default -> throw usage("There is no command '" + words.get(0) + "'");
        }
    }

    private static CommandLine parse(final String... arguments) throws AdminException {
        try {
            return DefaultParser.builder().setAllowPartialMatching(false).get().parse(options(), arguments);
        } catch (final ParseException e) {
            throw usage(e.getMessage());
        }
    }

    private static AdminException usage(final String what) {
        return AdminException.usage(what + System.lineSeparator() + "usage: " + SYNTAX + ", COMMAND being one of"
                + System.lineSeparator() + COMMANDS);
    }

    private static UserName user(final CommandLine line) throws AdminException {
        final String name = line.getOptionValue("username");
        if (name == null) {
            throw AdminException.usage("The command needs --username NAME");
        }
        return UserName.parse(name).orElseThrow(() -> AdminException.refused(
                "'" + name + "' is not a user name: a letter, then letters, digits, '.', '_' or '-', at most 64"));
    }
}
