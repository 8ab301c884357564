package org.dropzonebackup.admin;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.users.UserName;

/**
 * Reads a new password, and refuses any that could never be used to log in: those that no client can send, and those that
 * were not decoded as they were typed.
 */
final class PasswordInput {

    private static final int MIN_LENGTH = 6;
    /** Far below what containers accept in a header, even in base64. */
    private static final int MAX_BYTES = 1000;

    private PasswordInput() {
    }

    /**
     * Reads a password from the option, standard input or the terminal.
     *
     * @throws AdminException if there is none, or it is not acceptable
     */
    static String read(final CommandLine line, final UserName user) throws AdminException {
        final String password;
        if (line.hasOption("password-stdin")) {
            password = readLine(System.in);
        } else if (line.hasOption("password")) {
            System.err.println("Warning: others on this machine can see a password given by --password");
            password = line.getOptionValue("password");
        } else {
            password = ask(user);
        }
        check(password, user);
        return password;
    }

    private static void check(final String password, final UserName user) throws AdminException {
        if (CommandLineArguments.isDamaged(password)) {
            throw refused("has a character that did not come through" + CommandLineArguments.localeHint()
                    + (CommandLineArguments.isLimitedByLocale() ? ", or use --password-stdin, which is UTF-8 in any locale" : ""));
        }
        if (password.codePointCount(0, password.length()) < MIN_LENGTH) {
            throw refused("is too short: at least " + MIN_LENGTH + " characters");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused("is too long: at most " + MAX_BYTES + " bytes");
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            throw refused("has a control character, which HTTP does not carry");
        }
        if (!password.equals(password.strip())) {
            throw refused("begins or ends with a blank, which HTTP does not carry; in cmd, write no blank before the bar:"
                    + " echo secret| java ...");
        }
        if (password.equalsIgnoreCase(user.value())) {
            throw AdminException.refused("The password must not be the user name");
        }
    }

    private static AdminException refused(final String why) {
        return AdminException.refused("The password " + why);
    }

    /** Reads the first line as UTF-8. */
    private static String readLine(final InputStream in) throws AdminException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && b != '\n' && line.size() <= 2 * MAX_BYTES; b = in.read()) {
                line.write(b);
            }
        } catch (final IOException e) {
            throw AdminException.refused("The password cannot be read from standard input: " + FileFault.describe(e));
        }
        try {
            final String text = TextFile.decode(line.toByteArray());
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        } catch (final IOException notUtf8) {
            throw AdminException.refused("The password on standard input is not UTF-8: send it as UTF-8"
                    + " (cmd: chcp 65001; PowerShell: $OutputEncoding = [Text.Encoding]::UTF8)");
        }
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
        return asTyped(String.valueOf(first), console);
    }

    /** Decodes what the terminal sent as UTF-8 if it is valid, whatever the locale's encoding. */
    private static String asTyped(final String decoded, final Console console) {
        try {
            return CommandLineArguments.isDamaged(decoded) ? decoded : TextFile.decode(decoded.getBytes(console.charset()));
        } catch (final IOException notUtf8) {
            return decoded;
        }
    }
}
