package org.dropzonebackup.bench.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * Results as a picture (SVG): for each row a bar for each entrant, as long as its median, with a line from the least to
 * the most. The longest of a row fills the width.
 */
final class Plot {

    private static final int WIDTH = 760;
    private static final int LEFT = 130;
    private static final int RIGHT = 200;
    private static final int LINE = 18;
    private static final double SPACE = WIDTH - LEFT - RIGHT;

    private final StringBuilder svg = new StringBuilder();
    private int y = LINE;

    private Plot() {
    }

    static String of(final JSONArray rows) {
        final Plot plot = new Plot();
        for (final Object row : rows) {
            plot.row((JSONObject) row);
        }
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """, WIDTH, plot.y, plot.svg);
    }

    private void row(final JSONObject row) {
        final Measure measure = measureOf(row);
        text(4, "bold", row.getString("title") + " (" + measure.unit() + ")");
        final List<JSONObject> entrants = new ArrayList<>();
        row.getJSONArray("entrants").forEach(entrant -> entrants.add((JSONObject) entrant));
        final double longest = entrants.stream().mapToDouble(entrant -> samples(entrant, measure).max()).max().orElse(1);
        for (final JSONObject entrant : entrants) {
            bar(entrant.getString("name"), samples(entrant, measure), longest);
        }
        y += LINE / 2;
    }

    /** The first that all have. */
    private static Measure measureOf(final JSONObject row) {
        for (final Measure measure : Measure.values()) {
            if (row.getJSONArray("entrants").getJSONObject(0).has(measure.unit())) {
                return measure;
            }
        }
        throw new IllegalArgumentException("nothing was measured: " + row);
    }

    private static Samples samples(final JSONObject entrant, final Measure measure) {
        final List<Double> values = new ArrayList<>();
        entrant.getJSONArray(measure.unit()).forEach(value -> values.add(((Number) value).doubleValue()));
        return new Samples(values);
    }

    private void bar(final String name, final Samples samples, final double longest) {
        final double scale = SPACE / longest;
        svg.append(String.format(Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
                        + "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#333\"/>%n",
                LEFT, y - LINE + 7, samples.median() * scale, LINE - 5, name.startsWith("ours") ? "#3a76b8" : "#b9c4cf",
                LEFT + samples.min() * scale, LEFT + samples.max() * scale, y - LINE / 2 + 4, y - LINE / 2 + 4));
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>%n", LEFT + samples.max() * scale + 6, y, samples));
        text(12, "normal", name);
    }

    private void text(final int x, final String weight, final String text) {
        svg.append(String.format("<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>%n", x, y, weight, text));
        y += LINE;
    }
}
