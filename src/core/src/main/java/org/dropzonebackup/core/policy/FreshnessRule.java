package org.dropzonebackup.core.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.units.DurationText;

/**
 * How often a file is expected of a user. Immutable.
 *
 * @param every after the last file, in this time the next one is to come
 * @param grace how much longer is waited until that is serious
 * @param minSize bytes that a file must have to count
 */
public record FreshnessRule(Duration every, Duration grace, long minSize) {

    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final int QUARTER = 4;

    /**
     * @param grace none: a quarter of the time
     * @param minSize none: any file counts
     */
    public static FreshnessRule of(final Duration every, final Optional<Duration> grace, final OptionalLong minSize) {
        return new FreshnessRule(every, grace.orElse(every.dividedBy(QUARTER)), minSize.orElse(0));
    }

    /**
     * Reads how often a file is expected, as people write it.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static Duration parseEvery(final String text) {
        final Duration duration = DurationText.parse(text);
        if (duration.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("'" + text + "' is too short to expect a file in: 10 s or more");
        }
        return duration;
    }
}
