package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.users.UserName;

/** {@code java -jar dropzone-admin.jar COMMAND [options]}. Exit status: 0 done, 1 refused, 2 wrong usage. */
public final class AdminTool {

    private static final String SYNTAX = "java -jar dropzone-admin.jar COMMAND [options]";

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
        }
        System.exit(status);
    }

    private static void run(final String... arguments) throws AdminException {
        final CommandLine line = parse(arguments);
        final List<String> words = line.getArgList();
        final Optional<Command> named = words.isEmpty() ? Optional.empty() : Command.named(words.get(0));
        if (line.hasOption("help")) {
            help(named);
            return;
        }
        if (words.isEmpty() || words.size() > 1 && !named.equals(Optional.of(Command.DELUPLOADS))) {
            throw usage("One command is needed");
        }
        final Command command = named.orElseThrow(() -> usage("There is no command '" + words.get(0) + "'"));
        command.check(line);
        final Path file = Path.of(Optional.ofNullable(line.getOptionValue("users-file"))
                .or(() -> Optional.ofNullable(line.getOptionValue("passwdfile")))
                .or(() -> Optional.ofNullable(System.getenv("DROPZONE_USERS_FILE")).filter(name -> !name.isBlank()))
                .orElse("users.properties"));
        try {
            run(command, line, file);
        } catch (final IOException e) {
            throw AdminException.refused("The users file " + file + " cannot be read or changed: " + FileFault.describe(e));
        }
    }

    private static void run(final Command command, final CommandLine line, final Path file) throws AdminException, IOException {
        final Commands commands = new Commands(file, line);
        final List<String> words = line.getArgList();
        switch (command) {
            case ADDUSER -> commands.addUser(user(line));
            case PASSWD -> commands.setPassword(user(line));
            case MODUSER -> commands.modifyUser(user(line));
            case DELUSER -> commands.deleteUser(user(line));
            case LISTUSERS -> new Listing(file).print(line.hasOption("json"));
            case IMPORT -> commands.importUsers();
            case CHECK -> new Check(file, Optional.ofNullable(line.getOptionValue("upload-base-dir")), serverMemory(line)).run();
            case LISTUPLOADS -> new Uploads(file, line, Clock.systemUTC()).print(line.hasOption("json"));
            case DELUPLOADS -> new Uploads(file, line, Clock.systemUTC()).delete(words.subList(1, words.size()));
        }
    }

    /** Of one command, or of all. */
    private static void help(final Optional<Command> named) {
        System.out.println(named.map(Command::synopsis).orElseGet(AdminTool::synopses));
        try {
            HelpFormatter.builder().setShowSince(false).get()
                    .printHelp(SYNTAX, "", named.map(Command::options).orElseGet(Command::allOptions), "", false);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String synopses() {
        return Arrays.stream(Command.values()).map(Command::synopsis).collect(Collectors.joining(System.lineSeparator()));
    }

    private static CommandLine parse(final String... arguments) throws AdminException {
        try {
            return DefaultParser.builder().setAllowPartialMatching(false).get().parse(Command.allOptions(), arguments);
        } catch (final ParseException e) {
            throw usage(e.getMessage());
        }
    }

    private static AdminException usage(final String what) {
        return AdminException.usage(what + System.lineSeparator() + "usage: " + SYNTAX + ", COMMAND being one of"
                + System.lineSeparator() + synopses());
    }

    private static ByteSize serverMemory(final CommandLine line) throws AdminException {
        try {
            return ByteSize.parse(line.getOptionValue("server-memory", Check.USUAL_MEMORY));
        } catch (final IllegalArgumentException e) {
            throw AdminException.usage("--server-memory: " + e.getMessage());
        }
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
