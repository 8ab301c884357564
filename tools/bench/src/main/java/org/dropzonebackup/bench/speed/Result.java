package org.dropzonebackup.bench.speed;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came of a row.
 *
 * @param row which
 * @param runs by entrant, in the order of the rounds
 * @param noise of the machine meanwhile
 */
record Result(Row row, Map<String, List<Map<Measure, Double>>> runs, Noise noise) {

    Set<String> entrants() {
        return runs.keySet();
    }

    Set<Measure> measures(final String entrant) {
        return runs.get(entrant).get(0).keySet();
    }

    boolean has(final String entrant, final Measure measure) {
        return runs.containsKey(entrant) && measures(entrant).contains(measure);
    }

    Samples of(final String entrant, final Measure measure) {
        return new Samples(runs.get(entrant).stream().map(run -> run.get(measure)).toList());
    }

    /** For who waits before a terminal. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(row.name() + ": " + row.title() + "\n");
        for (final String entrant : entrants()) {
            text.append(String.format("  %-16s", entrant));
            for (final Measure measure : measures(entrant)) {
                text.append("  ").append(of(entrant, measure)).append(' ').append(measure.unit());
            }
            text.append('\n');
        }
        for (final Demand demand : row.demands()) {
            if (demand.canBeJudged(this)) {
                text.append(demand.isReached(this) ? "  + " : "  - ").append(demand).append(": ")
                        .append(demand.seen(this).around(demand.judged(this))).append('\n');
            }
        }
        return text.append("  machine: ").append(noise).append('\n').toString();
    }
}
