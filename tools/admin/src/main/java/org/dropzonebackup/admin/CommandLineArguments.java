package org.dropzonebackup.admin;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dropzonebackup.core.files.TextFile;

/**
 * Restores the arguments as they were typed. Java decodes them in the encoding of the locale, and loses characters that this
 * encoding does not have; Linux still has the bytes, and bytes that are valid UTF-8 are hardly ever meant as anything else.
 */
final class CommandLineArguments {

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private CommandLineArguments() {
    }

    /** Whether the locale keeps some characters out of arguments and file names. */
    static boolean isLimitedByLocale() {
        return File.separatorChar == '/' && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    }

    /** The end of a message about a character that the locale may have lost: what to do; empty if the locale has all. */
    static String localeHint() {
        return isLimitedByLocale() ? ", since this locale has only the characters of " + System.getProperty("sun.jnu.encoding")
                + ": set LC_ALL=C.UTF-8" : "";
    }

    /**
     * Restores the arguments.
     *
     * @throws AdminException if characters cannot be restored
     */
    static String[] asTyped(final String... decoded) throws AdminException {
        final String[] typed = isLimitedByLocale() ? fromProc(decoded).orElse(decoded) : decoded;
        for (final String argument : typed) {
            if (isDamaged(argument)) {
                // Does not quote the argument, which may be a password
                throw AdminException.refused("An argument has a character that did not come through"
                        + (isLimitedByLocale() ? localeHint() : ": it is not UTF-8"));
            }
        }
        return typed;
    }

    /** Whether a text has a replacement character or an unpaired surrogate, left by a character that could not be decoded. */
    static boolean isDamaged(final String text) {
        return text.indexOf('\uFFFD') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Decodes the last arguments of this process as UTF-8; empty if Java did not decode these arguments from them. */
    private static Optional<String[]> fromProc(final String... decoded) {
        try {
            final Charset locale = Charset.forName(System.getProperty("sun.jnu.encoding"));
            final String[] all = new String(Files.readAllBytes(COMMAND_LINE), StandardCharsets.ISO_8859_1).split("\0", -1);
            final String[] last = new String[decoded.length];
            for (int i = 0; i < last.length; i++) {
                final byte[] bytes = all[all.length - 1 - last.length + i].getBytes(StandardCharsets.ISO_8859_1);
                if (!new String(bytes, locale).equals(decoded[i])) {
                    return Optional.empty();
                }
                last[i] = TextFile.decode(bytes);
            }
            return Optional.of(last);
        } catch (final IOException | IndexOutOfBoundsException notUtf8OrAnotherSystem) {
            return Optional.empty();
        }
    }
}
