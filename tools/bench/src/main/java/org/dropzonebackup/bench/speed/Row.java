package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of the table: some work, those who do it, and what is asked of them.
 *
 * @param name by which it is chosen
 * @param title what the work is
 * @param warmUps how many rounds that do not count come first
 * @param opening starts all who take part
 * @param demands what must be reached
 */
record Row(String name, String title, int warmUps, Opening opening, List<Demand> demands) {

    /** Starts all who take part. */
    interface Opening {

        /**
         * @param entrants to be added to, so that those who started are ended if another one does not
         */
        void open(List<Entrant> entrants) throws IOException;
    }

    /**
     * Runs all entrants in turns, so that whatever else the machine does meets all of them.
     *
     * @param rounds how often each
     * @param noise is asked before each round
     * @param ballast is put in place before each run
     */
    Result run(final int rounds, final Noise noise, final Ballast ballast) throws IOException, InterruptedException {
        final List<Entrant> entrants = new ArrayList<>();
        try {
            opening.open(entrants);
            final Map<String, List<Map<Measure, Double>>> runs = new LinkedHashMap<>();
            for (int round = -warmUps; round < rounds; round++) {
                noise.listen();
                for (final Entrant entrant : entrants) {
                    ballast.fill();
                    final Map<Measure, Double> run = entrant.run();
                    if (round >= 0) {
                        runs.computeIfAbsent(entrant.name(), n -> new ArrayList<>()).add(run);
                    }
                }
            }
            return new Result(this, runs, noise);
        } finally {
            for (final Entrant entrant : entrants) {
                entrant.close();
            }
        }
    }
}
