package org.dropzonebackup.bench.speed;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A figure, once for each round.
 *
 * @param values in the order of the rounds; at least one
 */
record Samples(List<Double> values) {

    double min() {
        return values.stream().mapToDouble(value -> value).min().orElseThrow();
    }

    double max() {
        return values.stream().mapToDouble(value -> value).max().orElseThrow();
    }

    double median() {
        final List<Double> sorted = values.stream().sorted().toList();
        final int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** How many times those of another, round by round. */
    Samples dividedBy(final Samples other) {
        return new Samples(IntStream.range(0, values.size()).mapToObj(i -> values.get(i) / other.values.get(i)).toList());
    }

    @Override
    public String toString() {
        return around(median());
    }

    /** What they come to, and in parentheses the least and the most. */
    String around(final double middle) {
        return values.size() == 1 ? written(middle) : written(middle) + " (" + written(min()) + "–" + written(max()) + ")";
    }

    /** To three digits or so. */
    static String written(final double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
