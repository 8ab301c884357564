package org.dropzonebackup.bench.speed;

import java.util.Optional;

/**
 * What a row must reach.
 *
 * @param measure of what
 * @param entrant whose
 * @param atLeast else it is at most
 * @param bound a number of times the rival's, or without a rival the number itself
 * @param rival with whom it is compared
 */
record Demand(Measure measure, String entrant, boolean atLeast, double bound, Optional<String> rival) {

    static Demand atLeast(final double times, final Measure measure, final String entrant, final String rival) {
        return new Demand(measure, entrant, true, times, Optional.of(rival));
    }

    static Demand atMost(final double times, final Measure measure, final String entrant, final String rival) {
        return new Demand(measure, entrant, false, times, Optional.of(rival));
    }

    static Demand atLeast(final double bound, final Measure measure, final String entrant) {
        return new Demand(measure, entrant, true, bound, Optional.empty());
    }

    static Demand atMost(final double bound, final Measure measure, final String entrant) {
        return new Demand(measure, entrant, false, bound, Optional.empty());
    }

    /** Whether all of whom it speaks were there. */
    boolean canBeJudged(final Result result) {
        return result.has(entrant, measure) && (rival.isEmpty() || result.has(rival.get(), measure));
    }

    /** The figure or the ratio, round by round. */
    Samples seen(final Result result) {
        final Samples own = result.of(entrant, measure);
        return rival.isEmpty() ? own : own.dividedBy(result.of(rival.get(), measure));
    }

    /** What is compared with the bound: that of the medians. */
    double judged(final Result result) {
        return result.of(entrant, measure).median() / (rival.isEmpty() ? 1 : result.of(rival.get(), measure).median());
    }

    /** Whether the medians reach it. */
    boolean isReached(final Result result) {
        return atLeast ? judged(result) >= bound : judged(result) <= bound;
    }

    /** As a person would say it. */
    @Override
    public String toString() {
        return entrant + (atLeast ? " at least " : " at most ") + Samples.written(bound)
                + (rival.isEmpty() ? " " : " × " + rival.get() + ", ") + measure.unit();
    }
}
