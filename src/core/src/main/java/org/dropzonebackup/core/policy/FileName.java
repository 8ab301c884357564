package org.dropzonebackup.core.policy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.dropzonebackup.core.refusal.Refusal.NameNotUsable;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The name under which a file is stored: one path segment of at most 255 bytes in UTF-8, in Unicode's form NFC. Immutable.
 *
 * <p>Only {@link Rules} create names, so a name never has to be checked again.
 */
public final class FileName {

    private static final int MAX_BYTES = 255;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss_SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String value;

    private FileName(final String value) {
        this.value = value;
    }

    /** Names a file that was submitted without a name after the server's time, in UTC to the microsecond. */
    public static FileName timestamp(final Instant time) {
        return new FileName(TIMESTAMP.format(time));
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof FileName that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }

    /**
     * The rules by which a server accepts names. Immutable.
     *
     * @param tmpSuffix the suffix of staging files, in which no name may end
     * @param windows whether names must also be valid on Windows
     * @param encoding the encoding of names in the file system
     */
    public record Rules(String tmpSuffix, boolean windows, Charset encoding) {

        private static final int MAX_EXTENSION = 32;
        private static final SecureRandom RANDOM = new SecureRandom();
        /** The smallest number with six digits in base 36. */
        private static final long SIX_DIGITS = 36L * 36 * 36 * 36 * 36;
        private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$");

        /** Rules for names in any script. */
        public Rules(final String tmpSuffix, final boolean windows) {
            this(tmpSuffix, windows, StandardCharsets.UTF_8);
        }

        /**
         * The rules for the system that this server runs on. Except on Windows, Java writes names in the encoding of the locale
         * in which it was started, which cannot be changed later: in the C locale only US-ASCII can be written.
         */
        public static Rules ofThisSystem(final String tmpSuffix) {
            final boolean windows = System.getProperty("os.name", "").startsWith("Windows");
            return new Rules(tmpSuffix, windows,
                    windows ? StandardCharsets.UTF_8 : Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
        }

        /** Whether there are names that cannot be stored just because of the locale. */
        public boolean isLimitedByLocale() {
            return !encoding.equals(StandardCharsets.UTF_8);
        }

        /**
         * Makes a name from the one that a client sent.
         *
         * @param submitted a name, or a path of the client with {@code /} or {@code \}, of which the last segment is used
         * @throws RefusedException with {@link NameNotUsable}
         */
        public FileName parse(final String submitted) throws RefusedException {
            final String last = submitted.substring(
                    Math.max(submitted.lastIndexOf('/'), submitted.lastIndexOf('\\')) + 1);
            final String name = Normalizer.normalize(last, Normalizer.Form.NFC);
            final String objection = objection(name);
            if (objection != null) {
                throw new RefusedException(new NameNotUsable(objection));
            }
            return new FileName(name);
        }

        /**
         * Adds six random characters before the extension of a name, which is shortened if it gets too long.
         */
        public FileName withRandomSuffix(final FileName taken) {
            final int dot = taken.value.lastIndexOf('.');
            final boolean extended = dot > 0 && taken.value.length() - dot <= MAX_EXTENSION;
            final String extension = extended ? taken.value.substring(dot) : "";
            String stem = extended ? taken.value.substring(0, dot) : taken.value;
            String name;
            do {
                name = stem + '-' + Long.toString(RANDOM.nextLong(SIX_DIGITS, SIX_DIGITS * 36), 36) + extension;
                if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
                    stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
                }
            } while (objection(name) != null);
            return new FileName(name);
        }

        private String objection(final String name) {
            if (name.isEmpty()) {
                return "it is empty";
            }
            if (name.equals(".") || name.equals("..")) {
                return "'" + name + "' means a directory";
            }
            if (name.chars().anyMatch(Character::isISOControl)) {
                return "it contains a control character";
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                return "it is not valid Unicode";
            }
            final int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_BYTES) {
                return "it has " + length + " bytes, limit " + MAX_BYTES;
            }
            if (name.endsWith(tmpSuffix)) {
                return "names that end in '" + tmpSuffix + "' are reserved for files that are still arriving";
            }
            if (!encoding.newEncoder().canEncode(name)) {
                return "this server can only store names in " + encoding.name()
                        + ", until its administrator starts Java with LC_ALL=C.UTF-8";
            }
            return windows ? windowsObjection(name) : null;
        }

        /** Source: "Naming Files, Paths, and Namespaces" in the documentation of Windows. */
        private static String windowsObjection(final String name) {
            if (name.chars().anyMatch(c -> "<>:\"|?*".indexOf(c) >= 0)) {
                return "none of <>:\"|?* is allowed on this server";
            }
            if (name.endsWith(".") || name.endsWith(" ")) {
                return "it ends in a dot or a space";
            }
            final int dot = name.indexOf('.');
            final String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toUpperCase(Locale.ROOT);
            return DEVICES.contains(stem) || stem.matches("(COM|LPT)[0-9\u00b9\u00b2\u00b3]") ? "it is the name of a device" : null;
        }
    }
}
