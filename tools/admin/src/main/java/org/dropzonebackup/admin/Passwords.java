package org.dropzonebackup.admin;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.users.UserName;

/** Gets a new password from whoever runs the tool. */
final class Passwords {

    private static final int SHORTEST = 6;

    private Passwords() {
    }

    /**
     * @throws AdminException if there is none, or it is too easy
     * @throws IOException if standard input cannot be read
     */
    static String get(final CommandLine line, final UserName user) throws AdminException, IOException {
        final String password;
        if (line.hasOption("password-stdin")) {
            password = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } else if (line.hasOption("password")) {
            System.err.println("Warning: others on this machine can see a password given by --password");
            password = line.getOptionValue("password");
        } else {
            password = ask(user);
        }
        if (password == null || password.codePointCount(0, password.length()) < SHORTEST) {
            throw AdminException.refused("The password is too short: at least " + SHORTEST + " characters");
        }
        if (password.equalsIgnoreCase(user.value())) {
            throw AdminException.refused("The password must not be the user name");
        }
        return password;
    }

    private static String ask(final UserName user) throws AdminException {
        final Console console = System.console();
        if (console == null) {
            throw AdminException.usage("There is no terminal to ask for the password: use --password-stdin");
        }
        final char[] first = console.readPassword("Password of %s: ", user);
        final char[] second = console.readPassword("Again: ");
        if (first == null || second == null || !String.valueOf(first).equals(String.valueOf(second))) {
            throw AdminException.refused("The two passwords differ; nothing was changed");
        }
        return String.valueOf(first);
    }
}
