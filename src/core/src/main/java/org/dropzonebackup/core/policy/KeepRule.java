package org.dropzonebackup.core.policy;

import java.time.Duration;
import org.dropzonebackup.core.units.DurationText;

/**
 * How long stored files are kept. A file goes when both say so. Immutable.
 *
 * @param keepFor how long after the server has received it, by its own clock
 * @param atLeast how many of the newest files that were sent under one name stay, however old they are
 */
public record KeepRule(Duration keepFor, int atLeast) {

    private static final Duration SHORTEST = Duration.ofDays(1);

    /**
     * Reads how long files are kept, as people write it.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static Duration parseKeepFor(final String text) {
        final Duration duration = DurationText.parse(text);
        if (duration.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("'" + text + "' is too short to keep a file for: 1 d or more");
        }
        return duration;
    }

    /**
     * Reads how many files are kept, as people write it.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static int parseAtLeast(final String text) {
        if (!text.matches("0|[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("'" + text + "' is not a number from 0 to 999999999");
        }
        return Integer.parseInt(text);
    }
}
