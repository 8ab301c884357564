package org.dropzonebackup.bench.cuts;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.bench.Server;

/**
 * Uploads a file by a client that resumes, over a line that breaks at random positions, to a server that is killed in
 * between: {@code java -cp dropzone-bench.jar org.dropzonebackup.bench.cuts.CutsProgram [--client tus-js|tus-java|curl]
 * [--size MIB] [--cuts N] [--kills N] [--servers N] [--seed N]}.
 *
 * <p>What has to hold: the file is there and whole; hardly anything was sent twice; nothing else is left in the end. With
 * several servers on one directory, each connection goes to the next one. The seed decides what is sent and where the line
 * breaks, but not what the machine does meanwhile.
 */
public final class CutsProgram implements AutoCloseable {

    private static final int MIB = 1 << 20;
    private static final String NAME = "backup.bin";
    private static final long SWEPT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Path jar;
    private final Path directory;
    private final Path box;
    private final Random random;
    private final List<Server> servers = new ArrayList<>();
    private int turn;

    /**
     * What came of it.
     *
     * @param size of the file
     * @param sent bytes that the client sent in all, heads of requests and all
     * @param breaks how often the line broke, by kind
     * @param wrong what must not be
     */
    public record Outcome(long size, long sent, String breaks, long millis, List<String> wrong) {

        /** Bytes sent again, in percent of the file. */
        public double percentAgain() {
            return 100.0 * (sent - size) / size;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d bytes, %s, %,d bytes more than the file were sent (%.2f %%), %,d ms%s", size, breaks,
                    sent - size, percentAgain(), millis, wrong.isEmpty() ? "" : ", WRONG: " + wrong);
        }
    }

    /**
     * Starts the servers.
     *
     * @param jar the server jar
     * @param directory empty
     * @param seed decides what is done
     */
    public CutsProgram(final Path jar, final Path directory, final int servers, final long seed) throws IOException {
        this.jar = jar;
        this.directory = directory;
        this.box = Files.createDirectories(directory.resolve("box"));
        this.random = new Random(seed);
        Files.writeString(directory.resolve("users.properties"), "");
        for (int i = 0; i < servers; i++) {
            this.servers.add(start(0));
        }
    }

    /**
     * Runs it; exit status 1 if anything is wrong, or more was sent again than asked for.
     *
     * @param arguments see the class
     */
    public static void main(final String... arguments) throws ParseException, IOException {
        final CommandLine line = new DefaultParser().parse(new Options()
                .addOption(null, "client", true, "tus-js, tus-java or curl (tus-js)")
                .addOption(null, "size", true, "of the file, in MiB (1024)")
                .addOption(null, "cuts", true, "how often the line breaks (100)")
                .addOption(null, "kills", true, "how often the server is killed (0)")
                .addOption(null, "rate", true, "of the line, in MiB a second (1024)")
                .addOption(null, "servers", true, "how many share the directory (1)")
                .addOption(null, "again", true, "percent that may be sent again (2)")
                .addOption(null, "seed", true, "what is done (chosen by the clock)")
                .addOption(null, "server", true, "the server jar (tools/launcher/target/dropzone-server.jar)")
                .addOption(null, "directory", true, "where files are kept; left there (a temporary one)"), arguments);
        final long seed = Long.parseLong(line.getOptionValue("seed", Long.toString(System.currentTimeMillis())));
        final Path directory = line.hasOption("directory")
                ? Files.createDirectories(Path.of(line.getOptionValue("directory"))) : Files.createTempDirectory("cuts");
        System.out.println("seed " + seed + ", files in " + directory);
        final Client client = Client.valueOf(line.getOptionValue("client", "tus-js").toUpperCase(Locale.ROOT).replace('-', '_'));
        final Outcome outcome;
        try (CutsProgram program = new CutsProgram(
                Path.of(line.getOptionValue("server", "tools/launcher/target/dropzone-server.jar")).toAbsolutePath(), directory,
                Integer.parseInt(line.getOptionValue("servers", "1")), seed)) {
            outcome = program.run(client.prepared(directory.resolve("client")), Long.parseLong(line.getOptionValue("size", "1024")) * MIB,
                    Long.parseLong(line.getOptionValue("rate", "1024")) * MIB, Integer.parseInt(line.getOptionValue("cuts", "100")), Integer.parseInt(line.getOptionValue("kills", "0")));
        }
        System.out.println(client + ": " + outcome);
        System.exit(outcome.wrong().isEmpty()
                && outcome.percentAgain() < Double.parseDouble(line.getOptionValue("again", "2")) ? 0 : 1);
    }

    /** A silent client is cut off soon: only then another server may go on. */
    private Server start(final int port, final String... options) throws IOException {
        return Server.start(Server.Command.of(jar, directory.resolve("log"), Stream.concat(Stream.of("--port", Integer.toString(port),
                "--upload-base-dir", directory.toString(), "--anonymous-dir", box.toString(), "--idle-timeout", "2 s",
                "--users-file", directory.resolve("users.properties").toString(), "--free-space-reserve", "0"),
                Stream.of(options)).toArray(String[]::new)));
    }

    /**
     * Uploads one file.
     *
     * @param rate of the line, in bytes a second
     * @param cuts how often the line breaks
     * @param kills how often a server is killed
     */
    public Outcome run(final Client.Uploading client, final long size, final long rate, final int cuts, final int kills)
            throws IOException {
        final Path file = directory.resolve(NAME);
        final String expected = fill(file, size);
        final Plan plan = Plan.random(new Random(random.nextLong()), size, cuts, kills);
        final long began = System.nanoTime();
        try (RoughLine line = new RoughLine(this::next, plan, rate, this::killOne)) {
            client.upload(file, line.url());
        }
        final long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        final List<String> wrong = new ArrayList<>();
        final int broken = plan.made().values().stream().mapToInt(Integer::intValue).sum();
        if (broken != cuts + kills) {
            wrong.add("the line was to break " + (cuts + kills) + " times");
        }
        final Path stored = box.resolve(NAME);
        if (!Files.exists(stored) || !digest(stored).equals(expected)) {
            wrong.add("the file is not whole");
        }
        if (!isAllElseSwept()) {
            wrong.add("left over: " + names());
        }
        final Outcome outcome = new Outcome(size, plan.sent(), plan.made().toString(), millis, wrong);
        Files.delete(file);
        Files.deleteIfExists(stored);
        return outcome;
    }

    private synchronized int next() {
        turn = (turn + 1) % servers.size();
        return servers.get(turn).port();
    }

    /** The one that has just been used, as a rule. */
    private synchronized void killOne() {
        try {
            final int port = servers.get(turn).port();
            servers.get(turn).kill();
            servers.set(turn, start(port));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String fill(final Path file, final long size) throws IOException {
        final MessageDigest sha256 = sha256();
        final byte[] block = new byte[MIB];
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sha256)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static String digest(final Path file) throws IOException {
        final MessageDigest sha256 = sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
            Files.copy(file, out);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What is remembered of a complete upload is swept by a server that starts when it is old enough. */
    private boolean isAllElseSwept() throws IOException {
        servers.set(0, restarted("--stale-after", "1 s"));
        final long deadline = System.nanoTime() + SWEPT_WITHIN_NANOS;
        while (names().size() > 1 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return names().equals(List.of(NAME));
    }

    private Server restarted(final String... options) throws IOException {
        servers.get(0).close();
        return start(servers.get(0).port(), options);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Stops the servers. */
    @Override
    public void close() throws IOException {
        for (final Server server : servers) {
            server.close();
        }
    }
}
