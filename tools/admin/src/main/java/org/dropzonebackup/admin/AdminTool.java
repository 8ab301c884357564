package org.dropzonebackup.admin;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.users.UserName;

/** The program {@code java -jar dropzone-admin.jar COMMAND [options]}. Exit status: 0 done, 1 refused, 2 wrong usage. */
public final class AdminTool {

    private AdminTool() {
    }

    /**
     * @param arguments see {@code --help}
     */
    public static void main(final String... arguments) {
        if (CommandLineArguments.isLimitedByLocale()) {
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        }
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
        final CommandLine line = parse(CommandLineArguments.asTyped(arguments));
        final List<String> words = new ArrayList<>(line.getArgList());
        final boolean help = line.hasOption("help") | words.remove("help");
        if (line.hasOption("version")) {
            System.out.println("dropzone-admin " + AdminTool.class.getPackage().getImplementationVersion());
            return;
        }
        final Optional<String> word = words.stream().findFirst();
        final Optional<Command> named = word.flatMap(Command::named);
        if (word.isPresent() && named.isEmpty()) {
            throw usage("There is no command '" + word.get() + "'");
        }
        if (help) {
            System.out.print(Command.help(named));
            return;
        }
        final Command command = named.orElseThrow(() -> usage("A command is needed"));
        if (words.size() > 1 && command != Command.DELUPLOADS) {
            throw usage(command + " takes options, not '" + words.get(1) + "'");
        }
        command.check(line);
        final AdminSettings settings = AdminSettings.of(line);
        try {
            run(command, line, settings, words.subList(1, words.size()));
        } catch (final IOException e) {
            throw AdminException.refused("The users file " + settings.usersFile() + " cannot be read or changed: "
                    + FileFault.describe(e));
        }
    }

    private static void run(final Command command, final CommandLine line, final AdminSettings settings, final List<String> ids)
            throws AdminException, IOException {
        final UserCommands commands = new UserCommands(settings, line);
        switch (command) {
            case ADDUSER -> commands.addUser(user(line));
            case PASSWD -> commands.setPassword(user(line));
            case MODUSER -> commands.modifyUser(user(line));
            case DELUSER -> commands.deleteUser(user(line));
            case LISTUSERS -> new UserList(settings.usersFile()).print(line.hasOption("json"));
            case IMPORT -> commands.importUsers();
            case CHECK -> new Check(settings.usersFile(), settings.uploadBaseDir(), serverMemory(line)).run();
            case PRUNE -> new Prune(settings, line, Clock.systemUTC())
                    .run(Command.userName(line) == null ? Optional.empty() : Optional.of(user(line)));
            case LISTUPLOADS -> new Uploads(settings, line, Clock.systemUTC()).print(line.hasOption("json"));
            case DELUPLOADS -> new Uploads(settings, line, Clock.systemUTC()).delete(ids);
            case KEY -> printKeys(settings.signingKey(), line.hasOption("rotate"));
            case STATUS -> new Status(settings, line, Clock.systemUTC()).run();
            case VERIFY -> new Verify(settings, line, Clock.systemUTC(), System::nanoTime).run();
        }
    }

    private static void printKeys(final Path file, final boolean rotate) throws AdminException {
        final SigningKeys keys = new SigningKeys(file, Clock.systemUTC());
        try {
            if (rotate) {
                keys.rotate();
            }
            System.out.print(SigningKeys.publicKeys(TextFile.read(file)));
        } catch (final IOException | IllegalArgumentException e) {
            throw AdminException.refused("The signing key " + file + " cannot be used: " + (e instanceof IOException fault
                    ? FileFault.describe(fault) + (Files.exists(file) ? "" : " (a server makes it when it is started)") : e.getMessage()));
        }
    }

    private static CommandLine parse(final String... arguments) throws AdminException {
        try {
            return DefaultParser.builder().setAllowPartialMatching(false).get().parse(Command.allOptions(), arguments);
        } catch (final ParseException e) {
            throw usage(e.getMessage());
        }
    }

    private static AdminException usage(final String what) {
        return AdminException.usage(what + System.lineSeparator() + "--help lists commands and options");
    }

    private static ByteSize serverMemory(final CommandLine line) throws AdminException {
        return line.hasOption("server-memory") ? Command.value(line, "server-memory", ByteSize::parse)
                : ByteSize.parse(Check.DEFAULT_MEMORY);
    }

    private static UserName user(final CommandLine line) throws AdminException {
        final String name = Command.userName(line);
        if (name == null) {
            throw AdminException.usage("The command needs --username NAME");
        }
        return UserName.parse(name).orElseThrow(() -> AdminException.refused(
                "'" + name + "' is not a user name: a letter, then letters, digits, '.', '_' or '-', at most 64"));
    }
}
