package org.dropzonebackup.core.units;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500 ms}, {@code 10 s}, {@code 5 min}, {@code 2 h}, {@code 7 d}. */
public final class DurationText {

    private static final Pattern FORMAT = Pattern.compile("\\s*(\\d{1,9})\\s*(ms|s|min|h|d)\\s*", Pattern.CASE_INSENSITIVE);

    private static final Duration DAY = Duration.ofDays(1);

    private DurationText() {
    }

    /** Writes a duration in days if these are whole, in seconds, or in milliseconds if it has a fraction of one. */
    public static String of(final Duration duration) {
        if (duration.compareTo(DAY) >= 0 && duration.equals(Duration.ofDays(duration.toDays()))) {
            return duration.toDays() + " d";
        }
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /**
     * Parses a duration.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static Duration parse(final String text) {
        final Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration: write a whole number with ms, s, min, h or d, such as 10 s");
        }
        final long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
