package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How noisy the machine was: how long the same small work took each time, and how much of its processors was stolen by
 * other machines. Not safe for threads.
 */
final class Noise {

    private final Programs programs;
    private final List<Double> spins = new ArrayList<>();
    private final long begun = System.nanoTime();
    private final double stolenBefore;
    private double stolen;

    Noise(final Programs programs) throws IOException {
        this.programs = programs;
        this.stolenBefore = Usage.stolenSeconds();
    }

    void listen() throws IOException {
        spins.add(Double.parseDouble(Programs.run(programs.directory(), programs.path("spin")).split(" ")[0]));
        stolen = (Usage.stolenSeconds() - stolenBefore) / ((System.nanoTime() - begun) / 1e9)
                / Runtime.getRuntime().availableProcessors();
    }

    /** Seconds that the same work took. */
    Samples spins() {
        return new Samples(spins);
    }

    double stolenPercent() {
        return 100 * stolen;
    }

    @Override
    public String toString() {
        return "the same work took " + spins() + " s, " + Samples.written(stolenPercent()) + " % of the processors stolen";
    }
}
