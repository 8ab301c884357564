package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.verify.Checkpoint;
import org.dropzonebackup.core.verify.Pace;
import org.dropzonebackup.core.verify.SignedHeads;
import org.dropzonebackup.core.verify.Verification;

/**
 * Kills the server at random moments while it takes uploads of all kinds, starts it again, and compares what is there
 * with what the clients were told: {@code java -jar dropzone-bench.jar [--rounds N] [--folders N] [--seed N] [--server JAR]}.
 *
 * <p>What has to hold: whatever was answered with a success is there and whole; a name never bears anything but a whole
 * content that was sent under it, and none that was refused or replaced since; what is left over bears the suffix of
 * staging files and is swept; no directory is left empty; after the last start the journal is whole and says the same of each file.
 * Every other round the server may overwrite. The seed decides what is sent and when the server is killed, but not what the machine
 * does meanwhile.
 */
public final class CrashProgram {

    private static final int CLIENTS = 8;
    private static final int LONGEST_ROUND_MILLIS = 2500;
    private static final long SWEPT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Duration STALE_AFTER = Duration.ofSeconds(1);
    private static final int FOLDER_CLIENTS = 3;
    private static final int FOLDER_KILLS = 2;
    private static final String SUFFIX = ".~tmp";

    private final Path jar;
    private final Path directory;
    private final Random random;
    private final AtomicInteger names = new AtomicInteger();
    /** By whether the server may overwrite: what may be seen differs, so each has a directory of its own. */
    private final List<Ledger> ledgers = List.of(new Ledger(), new Ledger());
    private final Set<Path> boxes = new LinkedHashSet<>();

    /**
     * @param jar the server jar
     * @param directory empty
     * @param seed decides what is done
     */
    CrashProgram(final Path jar, final Path directory, final long seed) {
        this.jar = jar;
        this.directory = directory;
        this.random = new Random(seed);
    }

    /**
     * Runs it; exit status 1 if anything was lost or half-visible.
     *
     * @param arguments see the class
     */
    public static void main(final String... arguments)
            throws ParseException, IOException, InterruptedException, ExecutionException {
        final CommandLine line = new DefaultParser().parse(new Options()
                .addOption(null, "rounds", true, "how often the server is killed (100)")
                .addOption(null, "folders", true, "files that are sent in directories of ten, under two kills (0)")
                .addOption(null, "seed", true, "what is done (chosen by the clock)")
                .addOption(null, "server", true, "the server jar (tools/launcher/target/dropzone-server.jar)")
                .addOption(null, "directory", true, "where files are kept; left there (a temporary one)"), arguments);
        final long seed = Long.parseLong(line.getOptionValue("seed", Long.toString(System.currentTimeMillis())));
        final Path directory = line.hasOption("directory")
                ? Files.createDirectories(Path.of(line.getOptionValue("directory"))) : Files.createTempDirectory("crash");
        System.out.println("seed " + seed + ", files in " + directory);
        final CrashProgram program =
                new CrashProgram(Path.of(line.getOptionValue("server", "tools/launcher/target/dropzone-server.jar")),
                        directory, seed);
        final List<String> wrong = new ArrayList<>(program.run(Integer.parseInt(line.getOptionValue("rounds", "100"))));
        final int files = Integer.parseInt(line.getOptionValue("folders", "0"));
        if (files > 0) {
            wrong.addAll(program.sendFolders(files));
        }
        System.out.println(program);
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    /** @return what is wrong; the program stops at the first round in which anything is */
    List<String> run(final int rounds) throws IOException, InterruptedException {
        List<String> wrong = List.of();
        for (int round = 0; round < rounds && wrong.isEmpty(); round++) {
            final int which = round % ledgers.size();
            wrong = round(Files.createDirectories(directory.resolve("round" + which)), which == 1, ledgers.get(which));
        }
        return wrong.isEmpty() ? wrongInJournal() : wrong;
    }

    /** Lets the server enter what the last kill has kept out, and compares the journal with all files. */
    private List<String> wrongInJournal() throws IOException, InterruptedException {
        final List<String> wrong = new ArrayList<>();
        for (final Path box : boxes) {
            final List<Path> leftovers = leftovers(box);
            awaitStale(leftovers);
            try (Server last = start(box, false)) {
                if (!areSwept(leftovers)) {
                    wrong.add("not swept, at least one of " + leftovers + " by " + last.process());
                }
            }
        }
        final Clock clock = Clock.systemUTC();
        final Journal journal = Journal.readOnly(directory.resolve(".dropzone/journal"), System::nanoTime);
        final SignedHeads heads =
                new SignedHeads(journal, Optional.of(new SigningKeys(directory.resolve(SigningKeys.DEFAULT), clock)), clock);
        final Checkpoint end = new Verification(
                new Verification.Box(new LocalStore(directory, SUFFIX, false, false, Runnable::run), journal, heads, directory,
                        boxes.stream().map(Path::toString).toList(), List.of(".dropzone")),
                new Verification.Terms(Pace.UNLIMITED, any -> true, Duration.ZERO), finding -> wrong.add(finding.toString()),
                System::nanoTime).run(Checkpoint.start(clock.instant()), clock);
        if (wrong.isEmpty()) {
            System.out.println("the journal is whole, and so are the " + end.files() + " files that it tells of");
        }
        return wrong;
    }

    /**
     * Three clients send folders, while the server is killed twice.
     *
     * @param files a multiple of 1000, ten in each directory
     * @return what is wrong
     */
    List<String> sendFolders(final int files) throws IOException, InterruptedException, ExecutionException {
        final Path box = Files.createDirectories(directory.resolve("folders"));
        final Ledger ledger = new Ledger();
        final Folders folders = new Folders(ledger, files, FOLDER_KILLS, random.nextLong());
        final List<String> wrong = new ArrayList<>();
        final ExecutorService threads = Executors.newFixedThreadPool(FOLDER_CLIENTS);
        final List<Future<?>> clients = new ArrayList<>();
        for (int i = 0; i < FOLDER_CLIENTS; i++) {
            clients.add(threads.submit(folders));
        }
        threads.shutdown();
        for (int kill = 0; kill <= FOLDER_KILLS; kill++) {
            final List<Path> leftovers = leftovers(box);
            awaitStale(leftovers);
            final Server server = start(box, false);
            folders.sendTo(server);
            if (kill < FOLDER_KILLS) {
                folders.awaitMilestone(kill);
            } else {
                for (final Future<?> client : clients) {
                    client.get();
                }
            }
            if (!areSwept(leftovers)) {
                wrong.add("not swept, at least one of " + leftovers);
            }
            server.kill();
            wrong.addAll(ledger.wrongIn(box, SUFFIX));
        }
        System.out.println("folders: " + ledger);
        wrong.addAll(wrongInJournal());
        return wrong;
    }

    private List<String> round(final Path box, final boolean overwrite, final Ledger ledger)
            throws IOException, InterruptedException {
        final List<Path> leftovers = leftovers(box);
        final Server server = start(box, overwrite);
        final List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Thread(new Uploads(server, ledger, new Random(random.nextLong()), names), "client-" + i));
        }
        clients.forEach(Thread::start);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_ROUND_MILLIS)));
        final boolean swept = areSwept(leftovers);
        server.kill();
        for (final Thread client : clients) {
            client.join();
        }
        final List<String> wrong = ledger.wrongIn(box, SUFFIX);
        if (!swept) {
            wrong.add("not swept, at least one of " + leftovers);
        }
        return wrong;
    }

    private Server start(final Path box, final boolean overwrite) throws IOException {
        boxes.add(box);
        // Nothing that is under way is ever swept, however short this is
        return Server.start(Server.Command.of(jar, directory.resolve("log"),
                "--upload-base-dir", directory.toString(),
                "--users-file", Sender.enter(Files.writeString(directory.resolve("users.properties"), ""), box).toString(),
                "--free-space-reserve", "0", "--overwrite=" + overwrite,
                "--stale-after", STALE_AFTER.toSeconds() + " s"));
    }

    /** Waits until they are old enough to be swept at the start. */
    private static void awaitStale(final List<Path> leftovers) throws IOException {
        for (final Path leftover : leftovers) {
            while (Files.getLastModifiedTime(leftover).toInstant().plus(STALE_AFTER).isAfter(Instant.now())) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    /** Waits for what the server does at its start, beside uploads. */
    private static boolean areSwept(final List<Path> leftovers) {
        final long deadline = System.nanoTime() + SWEPT_WITHIN_NANOS;
        while (leftovers.stream().anyMatch(Files::exists) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return leftovers.stream().noneMatch(Files::exists);
    }

    private static List<Path> leftovers(final Path box) throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
    }

    /** What happened so far. */
    @Override
    public String toString() {
        return "without overwriting: " + ledgers.get(0) + "; with: " + ledgers.get(1);
    }
}
