package org.dropzonebackup.core.policy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of all files that were sent under one name, and kept. The first file bears that name itself; each later one bears the
 * server's time before the extension, in UTC: {@code db.2026-11-30T02-17-00Z.dump}, and a second one of the same second
 * {@code db.2026-11-30T02-17-00Z-2.dump}. Extensions of archives stay whole: {@code .tar.gz}. Immutable.
 */
public final class Series {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String TIME_PATTERN = "\\d{4,}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ(?:-\\d{1,9})?";
    /** The last time in a name counts. */
    private static final Pattern LATER = Pattern.compile("(.+)\\." + TIME_PATTERN + "(\\..*)?", Pattern.DOTALL);
    /** The name of a hidden file is no extension. */
    private static final Pattern EXTENSION = Pattern.compile("(?<=.)(?:(?:\\.[A-Za-z][A-Za-z0-9]{0,9})?"
            + "(?:\\.(?:gz|bz2|xz|zst|lz4|lz|lzma|br|Z|gpg|pgp|age|enc|aes|asc|sig)){1,4}|\\.[^.\\s]{1,31})$");
    /** Bytes that the time and a number may take. */
    private static final int ROOM = ".2026-11-30T02-17-00Z-999999".length();

    private final String stem;
    private final String extension;

    /** The series that a name is the first of. The stem of a long name is shortened where that leaves no room for the time. */
    public Series(final FileName first) {
        final String name = first.toString();
        final Matcher found = EXTENSION.matcher(name);
        final int end = found.find() ? found.start() : name.length();
        this.extension = name.substring(end);
        String shortened = name.substring(0, end);
        while (FileName.bytes(shortened + extension) + ROOM > FileName.MAX_BYTES) {
            shortened = shortened.substring(0, shortened.offsetByCodePoints(shortened.length(), -1));
        }
        this.stem = shortened;
    }

    /**
     * The first name of the series that a name is a later one of, if it looks like one. That it is one is not sure: clients may
     * send such names too.
     */
    public static Optional<FileName> firstOf(final String name) {
        final Matcher later = LATER.matcher(name);
        return later.matches() ? Optional.of(new FileName(later.group(1) + (later.group(2) == null ? "" : later.group(2))))
                .filter(first -> new Series(first).has(name)) : Optional.empty();
    }

    /** Whether a name is that of a later file of the series that another one is the first of. */
    public static boolean isLater(final String name, final String first) {
        return new Series(new FileName(first)).has(name);
    }

    /** The same text for all names of a series, whether they are the first one or later; other series may have it too. */
    public static String commonText(final String name) {
        FileName first = new FileName(name);
        for (Optional<FileName> next = firstOf(name); next.isPresent(); next = firstOf(first.toString())) {
            first = next.get();
        }
        final Series series = new Series(first);
        return series.stem + series.extension;
    }

    /** What the names of all later files begin with. */
    public String prefix() {
        return stem + '.';
    }

    /**
     * The name of a later file.
     *
     * @param number of the file among those of the same second; the first is 1
     */
    public FileName name(final Instant time, final int number) {
        return new FileName(prefix() + TIME.format(time) + (number == 1 ? "" : "-" + number) + extension);
    }

    /** Those of some names that are names of later files, from the newest second to the oldest. */
    public List<FileName> later(final Collection<String> names) {
        return names.stream().filter(this::has).sorted(Comparator.reverseOrder()).map(FileName::new).toList();
    }

    /** Whether a name is that of a later file. */
    public boolean has(final String name) {
        return name.startsWith(prefix()) && name.endsWith(extension) && name.length() >= prefix().length() + extension.length()
                && name.substring(prefix().length(), name.length() - extension.length()).matches(TIME_PATTERN);
    }
}
