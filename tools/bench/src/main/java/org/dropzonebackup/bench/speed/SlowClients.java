package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;

/** A server that is sent thousands of files slowly at the same time, and small ones meanwhile, by others. */
final class SlowClients implements Entrant {

    private static final long RATE = 64 << 10;
    private static final int SMALL_PER_SECOND = 20;
    private static final long SMALL_BYTES = 4 << 10;

    private final Contender contender;
    private final Box box;
    private final Running running;
    private final Programs programs;
    private final Crowd crowd;

    /**
     * Who sends slowly.
     *
     * @param clients how many at the same time
     * @param seconds for how long each
     */
    record Crowd(int clients, int seconds) {
    }

    SlowClients(final Contender contender, final Path directory, final Programs programs, final Crowd crowd)
            throws IOException {
        this.contender = contender;
        this.box = Box.in(directory);
        this.programs = programs;
        this.crowd = crowd;
        this.running = contender.launch().start(directory, box.path());
    }

    @Override
    public String name() {
        return contender.name();
    }

    @Override
    public Map<Measure, Double> run() throws IOException, InterruptedException {
        Programs.run(box.path(), "sync");
        Usage.forgetPeak(running.process());
        final Process slow = load("slow", crowd.clients(), "-s", Long.toString(RATE * crowd.seconds()),
                "-c", Integer.toString(crowd.clients()), "-r", Long.toString(RATE));
        final int small = SMALL_PER_SECOND * crowd.seconds();
        final Process quick = load("quick", small, "-s", Long.toString(SMALL_BYTES), "-c", "1", "-1",
                "-w", Integer.toString(1000 / SMALL_PER_SECOND));
        int threads = 0;
        while (!slow.waitFor(500, TimeUnit.MILLISECONDS)) {
            threads = Math.max(threads, Usage.of(running.process()).threads());
        }
        final JSONObject slowly = said(slow);
        final JSONObject quickly = said(quick);
        if (quickly.getLong("failed") > 0) {
            throw new IOException("a small file was refused: " + quickly);
        }
        final Map<Measure, Double> figures = new EnumMap<>(Measure.class);
        if (slowly.getLong("failed") > 0) {
            System.err.println(name() + ": " + slowly);
        }
        figures.put(Measure.ARRIVED, (double) box.take(RATE * crowd.seconds()));
        figures.put(Measure.MILLIS, quickly.getDouble("p99"));
        figures.put(Measure.THREADS, (double) threads);
        figures.put(Measure.PEAK, Usage.of(running.process()).peakBytes() / (double) (1 << 20));
        return figures;
    }

    private Process load(final String prefix, final int files, final String... options) throws IOException {
        final List<String> words = new ArrayList<>(List.of(programs.path("load"), "-p", Integer.toString(running.port()),
                "-n", Integer.toString(files)));
        words.addAll(List.of(options));
        contender.request().forEach(word -> words.add(word.replace("#", prefix + "#")));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static JSONObject said(final Process process) throws IOException {
        return new JSONObject(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
