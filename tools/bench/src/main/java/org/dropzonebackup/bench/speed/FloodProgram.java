package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.bench.Exchange;
import org.dropzonebackup.bench.Server;

/**
 * What a flood of anonymous uploads costs the server whose senders solve no challenge:
 * {@code java -cp dropzone-bench.jar org.dropzonebackup.bench.speed.FloodProgram [--rate N] [--seconds N] [--server JAR]}.
 *
 * <p>Each of the flood comes on a connection of its own with a small body, by turns without a solution, with a forged one
 * and with one that was used. Beside it somebody solves a challenge every second and uploads. It runs for a while to get
 * warm and then three times as long; processor time and memory are the server's as Linux tells them.
 */
public final class FloodProgram {

    private static final int CLIENTS = 32;
    private static final int PARTS = 3;
    private static final String BODY = "x".repeat(1000);
    private static final String FORGED = Solver.header("{\"algorithm\":\"SHA-256\",\"challenge\":\"" + "0".repeat(64)
            + "\",\"number\":1,\"salt\":\"0123456789abcdef01234567?expires=9999999999&\",\"signature\":\"" + "0".repeat(64) + "\"}");

    private final Server server;
    private final Solver solver;
    private final int rate;
    private final ConcurrentMap<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
    private String used;

    private FloodProgram(final Server server, final int rate) {
        this.server = server;
        this.solver = new Solver(server);
        this.rate = rate;
    }

    /**
     * What was measured.
     *
     * @param refused requests of the flood
     * @param accepted of the flood
     * @param perSecond requests of the flood that were answered
     * @param cpuMicros of the server for each of them, the honest uploads included
     * @param peaks bytes of memory, in each part of the time
     * @param stored honest uploads
     * @param slowestMillis of those, from request to answer
     */
    record Result(long refused, long accepted, double perSecond, double cpuMicros, List<Long> peaks, int stored,
            long slowestMillis) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d refused, %d accepted, %.0f a second; %.0f µs of a processor for each; "
                    + "memory at most %s MiB in each third; %d honest uploads stored, the slowest in %d ms", refused, accepted,
                    perSecond, cpuMicros, peaks.stream().map(bytes -> bytes >> 20).toList(), stored, slowestMillis);
        }
    }

    /**
     * Runs it; exit status 1 if anything of the flood was accepted, or nothing honest was.
     *
     * @param arguments see the class
     */
    public static void main(final String... arguments) throws ParseException, IOException, InterruptedException, ExecutionException {
        final CommandLine line = new DefaultParser().parse(new Options()
                .addOption(null, "rate", true, "requests a second (1000)")
                .addOption(null, "seconds", true, "how long each part is; there are a first one and three measured ones (10)")
                .addOption(null, "server", true, "the server jar (tools/launcher/target/dropzone-server.jar)"), arguments);
        final Result result = run(Path.of(line.getOptionValue("server", "tools/launcher/target/dropzone-server.jar")),
                Files.createTempDirectory("flood"), Integer.parseInt(line.getOptionValue("rate", "1000")),
                Integer.parseInt(line.getOptionValue("seconds", "10")));
        System.out.println(result);
        System.exit(result.accepted() == 0 && result.stored() > 0 ? 0 : 1);
    }

    /**
     * @param directory empty
     * @param rate requests a second
     * @param seconds of each part
     */
    static Result run(final Path jar, final Path directory, final int rate, final int seconds)
            throws IOException, InterruptedException, ExecutionException {
        final Path box = Files.createDirectories(directory.resolve("box"));
        final Path users = Files.writeString(directory.resolve("users.properties"), "");
        try (Server server = Server.start(Server.Command.of(jar, directory.resolve("log"), "--upload-base-dir",
                directory.toString(), "--users-file", users.toString(), "--anonymous-dir", box.toString(),
                "--free-space-reserve", "0", "--anonymous-challenge", "on"))) {
            return new FloodProgram(server, rate).run(seconds);
        }
    }

    private Result run(final int seconds) throws IOException, InterruptedException, ExecutionException {
        used = solver.header();
        upload("first", used);
        flood(seconds);
        answers.clear();
        final List<Long> peaks = new ArrayList<>();
        final List<Long> honest = new ArrayList<>();
        final double cpu = Usage.of(server.process()).cpuSeconds();
        final long start = System.nanoTime();
        for (int part = 0; part < PARTS; part++) {
            Usage.forgetPeak(server.process());
            honest.addAll(flood(seconds));
            peaks.add(Usage.of(server.process()).peakBytes());
        }
        final double took = (System.nanoTime() - start) / 1e9;
        final long refused = count(401) + count(403);
        final long all = answers.values().stream().mapToLong(LongAdder::sum).sum();
        return new Result(refused, all - refused, all / took,
                (Usage.of(server.process()).cpuSeconds() - cpu) * 1e6 / all, peaks, honest.size(),
                honest.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** @return how many milliseconds each honest upload took */
    private List<Long> flood(final int seconds) throws InterruptedException, ExecutionException {
        final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
        final long start = System.nanoTime();
        final long count = (long) rate * seconds;
        final List<Future<?>> robots = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            final int first = client;
            robots.add(clients.submit(() -> {
                for (long i = first; i < count; i += CLIENTS) {
                    waitUntil(start + i * TimeUnit.SECONDS.toNanos(1) / rate);
                    final String altcha = i % 3 == 0 ? "" : i % 3 == 1 ? FORGED : used;
                    answers.computeIfAbsent(upload("flood", altcha), status -> new LongAdder()).increment();
                }
                return null;
            }));
        }
        final Future<List<Long>> honest = clients.submit(() -> {
            final List<Long> millis = new ArrayList<>();
            for (int i = 0; i < seconds; i++) {
                waitUntil(start + TimeUnit.SECONDS.toNanos(i));
                final String solution = solver.header();
                final long begun = System.nanoTime();
                if (upload("honest", solution) == 200) {
                    millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                }
            }
            return millis;
        });
        for (final Future<?> robot : robots) {
            robot.get();
        }
        clients.shutdown();
        return honest.get();
    }

    private int upload(final String name, final String altcha) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            return exchange.send("PUT /upload/" + name + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + altcha
                    + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY).answer().status();
        }
    }

    private long count(final int status) {
        return answers.getOrDefault(status, new LongAdder()).sum();
    }

    private static void waitUntil(final long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
