package org.dropzonebackup.bench.stress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.bench.Sender;
import org.dropzonebackup.bench.Server;

/**
 * Sends at the same time all that could keep others waiting, and tells how long anybody waited for an answer: {@code java -cp
 * dropzone-bench.jar org.dropzonebackup.bench.stress.StressProgram [--seconds N] [--server JAR]}.
 *
 * <p>Requests of several files that replace each other in one directory with a quota; retries with the digest of a large
 * stored file; logins of a user whose password hash takes more memory than the server has; fast uploads without an end;
 * clients that fall silent. And beside them small files, of which nobody should have to wait for any of that. A request
 * without an answer within a minute, or with another one than expected, is wrong.
 */
public final class StressProgram {

    private static final int IDLE_SECONDS = 3;
    private static final int SMALL = 4096;
    private static final int TOGETHER = 4;
    private static final int RETRIES = 40;
    private static final int IDLERS = 20;
    private static final int FAST = 2;
    private static final int NAMES = 6;
    /** Never hashed: it asks for 256 MiB. */
    private static final String HEAVY = "$argon2id$v=19$m=262144,t=3,p=1$YmVuY2hiZW5jaGJlbmNoIQ$riydfjhOiOL/6FaGJKNHl4xWaO4qq9wdkjP32FYpmAE";

    private final Client client;
    private final int mebibytes;
    private final String digest;
    private final long end;
    private final List<Waits> all = new ArrayList<>();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    private StressProgram(final Server server, final int mebibytes, final String digest, final int seconds) {
        this.client = new Client(server);
        this.mebibytes = mebibytes;
        this.digest = digest;
        this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /**
     * Runs it; exit status 1 if anything is wrong.
     *
     * @param arguments see the class
     */
    public static void main(final String... arguments) throws ParseException, IOException, InterruptedException {
        final CommandLine line = new DefaultParser().parse(new Options()
                .addOption(null, "seconds", true, "how long (60)")
                .addOption(null, "mebibytes", true, "of each large file (128)")
                .addOption(null, "server", true, "the server jar (tools/launcher/target/dropzone-server.jar)"), arguments);
        final List<Waits> waits = run(Path.of(line.getOptionValue("server", "tools/launcher/target/dropzone-server.jar")),
                Files.createTempDirectory("stress"), Integer.parseInt(line.getOptionValue("seconds", "60")),
                Integer.parseInt(line.getOptionValue("mebibytes", "128")));
        waits.forEach(System.out::println);
        System.exit(waits.stream().allMatch(each -> each.answered() > 0 && each.wrong().isEmpty()) ? 0 : 1);
    }

    /**
     * @param directory empty
     * @param mebibytes of each large file
     * @return how long each kind of request waited
     * @throws IOException if the server does not start, or does not stop
     */
    static List<Waits> run(final Path jar, final Path directory, final int seconds, final int mebibytes)
            throws IOException, InterruptedException {
        final Path users = directory.resolve("users.properties");
        for (final String user : List.of("several", "small", "retrying", "fast", "idle", "heavy")) {
            Files.writeString(users, Sender.entry(user, Files.createDirectories(directory.resolve(user))) + user + ".quota = 4 GiB\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        Files.writeString(users, Files.readString(users).replaceFirst("(?m)^heavy\\.password.*$",
                Matcher.quoteReplacement("heavy.password = " + HEAVY)));
        final String digest = store(directory.resolve("retrying").resolve("large"), mebibytes);
        try (Server server = Server.start(Server.Command.of(jar, directory.resolve("log"), "--upload-base-dir", directory.toString(),
                "--users-file", users.toString(), "--free-space-reserve", "0", "--overwrite", "--idle-timeout", IDLE_SECONDS + " s"))) {
            return new StressProgram(server, mebibytes, digest, seconds).load();
        }
    }

    private static String store(final Path file, final int mebibytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); DigestOutputStream digesting = new DigestOutputStream(out,
                MessageDigest.getInstance("SHA-256"))) {
            final byte[] piece = new byte[1 << 20];
            for (int i = 0; i < mebibytes; i++) {
                digesting.write(piece);
            }
            return Base64.getEncoder().encodeToString(digesting.getMessageDigest().digest());
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private interface Load {
        void send(Waits waits, Random random) throws IOException;
    }

    private List<Waits> load() throws InterruptedException {
        begin("several files into one directory, replacing, with a quota", Set.of(200), TOGETHER, (waits, random) -> {
            final int first = random.nextInt(NAMES);
            client.form(waits, "several", List.of("name" + first, "name" + (first + 1 + random.nextInt(NAMES - 1)) % NAMES), SMALL);
        });
        begin("small files", Set.of(200), 2, (waits, random) -> client.put(waits, "small", "name" + random.nextInt(1000), SMALL));
        begin("retries with the digest of a stored file of " + mebibytes + " MiB", Set.of(200), RETRIES, (waits, random) ->
                client.retry(waits, "retrying", "large", (long) mebibytes << 20, digest));
        begin("a password hash of 256 MiB", Set.of(503), 1, (waits, random) -> client.put(waits, "heavy", "name", SMALL));
        begin("the last byte of " + mebibytes + " MiB, sent fast", Set.of(200), FAST, (waits, random) ->
                client.large(waits, "fast", "name" + random.nextInt(FAST), mebibytes));
        begin("silence, after the idle timeout of " + IDLE_SECONDS + " s", Set.of(408), IDLERS, (waits, random) ->
                client.idle(waits, "idle", "name" + random.nextInt(), IDLE_SECONDS));
        clients.shutdown();
        if (!clients.awaitTermination(end - System.nanoTime() + TimeUnit.MINUTES.toNanos(2), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("a client is still waiting: " + all);
        }
        return all;
    }

    private void begin(final String kind, final Set<Integer> expected, final int threads, final Load load) {
        final Waits waits = new Waits(kind, expected);
        all.add(waits);
        for (int i = 0; i < threads; i++) {
            final Random random = new Random(i);
            clients.execute(() -> {
                while (System.nanoTime() - end < 0) {
                    try {
                        load.send(waits, random);
                    } catch (final IOException e) {
                        waits.failed(e);
                    }
                }
            });
        }
    }
}
