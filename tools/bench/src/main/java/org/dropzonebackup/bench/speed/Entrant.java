package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.util.Map;

/** One of those that a row compares. */
interface Entrant extends AutoCloseable {

    String name();

    /**
     * Does the row's work once.
     *
     * @throws IOException if it is not done in full: then its figures would mean nothing
     */
    Map<Measure, Double> run() throws IOException, InterruptedException;

    @Override
    default void close() throws IOException {
    }
}
