package org.dropzonebackup.core.policy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.dropzonebackup.core.refusal.Refusal.NameNotUsable;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The name under which a file is stored: one path segment of at most 255 bytes in UTF-8, in Unicode's form NFC. Immutable.
 *
 * <p>Only {@link Rules}, {@link Series} of such names, and {@link FilePath} for stored files create names, so a name never has to
 * be checked again.
 */
public final class FileName {

    static final int MAX_BYTES = 255;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss_SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String value;

    FileName(final String value) {
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

    static int bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * The rules by which a server accepts names. Immutable.
     *
     * @param tmpSuffix the suffix of staging files, in which no name may end
     * @param windows whether names must also be valid on Windows
     * @param encoding the encoding of names in the file system
     */
    public record Rules(String tmpSuffix, boolean windows, Charset encoding) {

        private static final int MAX_NAMES = 32;
        private static final int MAX_PATH_BYTES = 4096;
        /** A separator of Windows, a drive, or a path from the root: the path of a file on the client's disk. */
        private static final Pattern PATH_OF_CLIENT = Pattern.compile("/.*|[A-Za-z]:/.*|.*\\\\.*", Pattern.DOTALL);
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
         * Makes a path from the name or path that a client sent.
         *
         * @param submitted names with {@code /} between them. Of a path on the client's own disk, from its root or with {@code \},
         *        only the last name counts
         * @param subdirectories whether the names before the last one count
         * @throws RefusedException with {@link NameNotUsable}
         */
        public FilePath path(final String submitted, final boolean subdirectories) throws RefusedException {
            if (!subdirectories || PATH_OF_CLIENT.matcher(submitted).matches()) {
                return FilePath.of(name(submitted.substring(Math.max(submitted.lastIndexOf('/'), submitted.lastIndexOf('\\')) + 1)));
            }
            final String[] names = submitted.split("/", -1);
            if (names.length > MAX_NAMES) {
                throw refused("the path has " + names.length + " names, limit " + MAX_NAMES);
            }
            final List<FileName> path = new ArrayList<>();
            for (final String name : names) {
                path.add(name(name, names.length == 1 ? "" : " (name " + (path.size() + 1) + " of " + names.length + " in its path)"));
            }
            final int length = bytes(String.join("/", names));
            if (length > MAX_PATH_BYTES) {
                throw refused("the path has " + length + " bytes, limit " + MAX_PATH_BYTES);
            }
            return new FilePath(path);
        }

        /**
         * Makes a name of one that a client sent.
         *
         * @throws RefusedException with {@link NameNotUsable}
         */
        public FileName name(final String submitted) throws RefusedException {
            return name(submitted, "");
        }

        private FileName name(final String submitted, final String place) throws RefusedException {
            final String name = Normalizer.normalize(submitted, Normalizer.Form.NFC);
            final String objection = objection(name);
            if (objection != null) {
                throw refused(objection + place);
            }
            return new FileName(name);
        }

        /** Whether a name obeys these rules. */
        public boolean allow(final FileName name) {
            return objection(name.value) == null;
        }

        private static RefusedException refused(final String objection) {
            return new RefusedException(new NameNotUsable(objection));
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
            final int length = bytes(name);
            if (length > MAX_BYTES) {
                return "it has " + length + " bytes, limit " + MAX_BYTES;
            }
            // On some file systems names that differ in case are the same
            if (name.regionMatches(true, name.length() - tmpSuffix.length(), tmpSuffix, 0, tmpSuffix.length())) {
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
