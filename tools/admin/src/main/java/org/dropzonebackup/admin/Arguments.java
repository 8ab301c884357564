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
 * The command line as it was typed. Java decodes it as the locale says, and what that has no character for is lost; Linux
 * still knows the bytes, and bytes that are UTF-8 are hardly ever meant as anything else.
 */
final class Arguments {

    /** What to do where the locale is in the way. */
    static final String WIDEN = "since this locale has only the characters of " + System.getProperty("sun.jnu.encoding")
            + ": set LC_ALL=C.UTF-8";

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private Arguments() {
    }

    /** Whether there are characters that neither arguments nor names of files can have, by the locale that was chosen. */
    static boolean isNarrow() {
        return File.separatorChar == '/' && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    }

    /**
     * @throws AdminException if characters are lost for good
     */
    static String[] asTyped(final String... decoded) throws AdminException {
        final String[] typed = isNarrow() ? bytes(decoded).orElse(decoded) : decoded;
        for (final String argument : typed) {
            if (isDamaged(argument)) {
                // Not the argument itself, which may be a password
                throw AdminException.refused("An argument has a character that did not come through"
                        + (isNarrow() ? ", " + WIDEN : ": it is not UTF-8"));
            }
        }
        return typed;
    }

    /** Whether something stands where a character was that could not be decoded, or that cannot be encoded. */
    static boolean isDamaged(final String text) {
        return text.indexOf('\uFFFD') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** The last ones of this process, if Java made these of them. */
    private static Optional<String[]> bytes(final String... decoded) {
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
