package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;

/** A server that is sent files, as many and as large as a row says. */
final class ServerEntrant implements Entrant {

    private static final double GIB = 1L << 30;

    private final String name;
    private final Box box;
    private final Running running;
    private final Programs programs;
    private final Work work;
    private final List<String> request;

    /**
     * What it is sent in a round.
     *
     * @param files how many
     * @param bytes of each
     * @param connections at a time
     */
    record Work(long files, long bytes, int connections) {
    }

    /** Starts it, in a directory of its own that is not there yet. */
    ServerEntrant(final Contender contender, final Path directory, final Programs programs, final Work work)
            throws IOException {
        this.name = contender.name();
        this.box = Box.in(directory);
        this.programs = programs;
        this.work = work;
        this.request = contender.request();
        this.running = contender.launch().start(directory, box.path());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Measure, Double> run() throws IOException {
        // What others left to be written is no part of this
        Programs.run(box.path(), "sync");
        Usage.forgetPeak(running.process());
        final Usage before = Usage.of(running.process());
        final JSONObject said = new JSONObject(Programs.run(box.path(), load()));
        final Usage after = Usage.of(running.process());
        box.take(work.files(), work.bytes());
        final double bytes = (double) work.files() * work.bytes();
        final Map<Measure, Double> figures = new EnumMap<>(Measure.class);
        if (work.files() == 1) {
            figures.put(Measure.MEGABYTES, bytes / 1e6 / said.getDouble("seconds"));
            figures.put(Measure.CPU, (after.cpuSeconds() - before.cpuSeconds()) / (bytes / GIB));
        } else {
            figures.put(Measure.FILES, work.files() / said.getDouble("seconds"));
            figures.put(Measure.CPU_FILES, (after.cpuSeconds() - before.cpuSeconds()) / (work.files() / 1e3));
            figures.put(Measure.MILLIS, said.getDouble("p99"));
        }
        figures.put(Measure.PEAK, after.peakBytes() / (double) (1 << 20));
        return figures;
    }

    private String[] load() {
        final List<String> words = new ArrayList<>(List.of(programs.path("load"), "-p", Integer.toString(running.port()),
                "-n", Long.toString(work.files()), "-s", Long.toString(work.bytes()), "-c", Integer.toString(work.connections())));
        request.forEach(word -> words.add(word.replace("SIZE", Long.toString(work.bytes()))));
        return words.toArray(String[]::new);
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
