package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.dropzonebackup.core.units.ByteSize;

/**
 * Measures the finished server beside others and says whether it is as fast as it must be:
 * {@code java -cp dropzone-bench.jar org.dropzonebackup.bench.speed.SpeedProgram [options]}. The options stand below.
 */
public final class SpeedProgram {

    private static final Options OPTIONS = new Options()
            .addOption(null, "rows", true, "which, by the beginnings of their names, separated by commas (all)")
            .addOption(null, "rounds", true, "how often each is run (5)")
            .addOption(null, "sizes", true, "of large files (1GiB,8GiB)")
            .addOption(null, "longest", true, "file of the row memory (8GiB)")
            .addOption(null, "files", true, "how many small ones (20000)")
            .addOption(null, "clients", true, "how many slow ones (5000)")
            .addOption(null, "seconds", true, "for how long each of them sends (30)")
            .addOption(null, "without", true, "names of those who are not to take part, separated by commas (none)")
            .addOption(null, "server", true, "the server jar (tools/launcher/target/dropzone-server.jar)")
            .addOption(null, "war", true, "the web application, for Jetty (src/web/target/dropzone.war)")
            .addOption(null, "jetty", true, "zip of Jetty; without it there is none (tools/containers/target/zips/jetty-12.1.zip)")
            .addOption(null, "ballast", true, "bytes of memory that are filled before each run (all that are available but 4GiB)")
            .addOption(null, "directory", true, "for all files, on the device that is measured (tools/bench/target/speed)")
            .addOption(null, "results", true, "where results.json and results.svg are put (tools/bench)");

    private static final long LEFT_FREE = 4L << 30;

    private SpeedProgram() {
    }

    /**
     * Runs it; exit status 1 if anything that must be reached is not.
     *
     * @param arguments see the class
     */
    public static void main(final String... arguments) throws ParseException, IOException, InterruptedException {
        System.exit(run(new DefaultParser().parse(OPTIONS, arguments)) ? 0 : 1);
    }

    /** @return whether all that must be reached is */
    static boolean run(final String... arguments) throws ParseException, IOException, InterruptedException {
        return run(new DefaultParser().parse(OPTIONS, arguments));
    }

    private static boolean run(final CommandLine line) throws IOException, InterruptedException {
        final Path parent = Files.createDirectories(Path.of(line.getOptionValue("directory", "tools/bench/target/speed")));
        // Apache's processes are another user's
        final Path directory = Files.createTempDirectory(parent.toAbsolutePath(), "run",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        final Path results = Files.createDirectories(Path.of(line.getOptionValue("results", "tools/bench")));
        final Programs programs = Programs.compile(Files.createDirectory(directory.resolve("programs")));
        final String machine = machine(directory);
        System.out.println(machine + ", files in " + directory);
        final Report report = new Report(results.resolve("results.json"), machine);
        final Ballast ballast = new Ballast(directory.resolve("ballast"), ballast(line));
        boolean reached = true;
        for (final Row row : chosen(line, programs, directory)) {
            final Result result = row.run(Integer.parseInt(line.getOptionValue("rounds", "5")), new Noise(programs), ballast);
            System.out.println(result);
            report.add(result);
            reached &= row.demands().stream().filter(demand -> demand.canBeJudged(result))
                    .allMatch(demand -> demand.isReached(result));
        }
        Files.writeString(results.resolve("results.svg"), Plot.of(report.rows()));
        delete(directory);
        return reached;
    }

    private static long ballast(final CommandLine line) throws IOException {
        if (line.hasOption("ballast")) {
            return ByteSize.parse(line.getOptionValue("ballast")).bytes();
        }
        final long available = Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(each -> each.startsWith("MemAvailable:"))
                .mapToLong(each -> 1024 * Long.parseLong(each.replaceAll("\\D", ""))).findFirst().orElse(0);
        return Math.max(0, available - LEFT_FREE);
    }

    private static List<Row> chosen(final CommandLine line, final Programs programs, final Path directory) {
        final Table.Extent extent = new Table.Extent(list(line.getOptionValue("sizes", "1GiB,8GiB")).map(ByteSize::parse).toList(),
                ByteSize.parse(line.getOptionValue("longest", "8GiB")),
                Long.parseLong(line.getOptionValue("files", "20000")),
                new SlowClients.Crowd(Integer.parseInt(line.getOptionValue("clients", "5000")),
                        Integer.parseInt(line.getOptionValue("seconds", "30"))),
                list(line.getOptionValue("without", "")).collect(Collectors.toSet()));
        final Ours ours = new Ours(path(line, "server", "tools/launcher/target/dropzone-server.jar"));
        final Jetty jetty = new Jetty(path(line, "jetty", "tools/containers/target/zips/jetty-12.1.zip"),
                path(line, "war", "src/web/target/dropzone.war"));
        final List<Row> all = new Table(extent, programs, ours, jetty, directory).rows();
        final Set<String> names = list(line.getOptionValue("rows", "")).collect(Collectors.toSet());
        return all.stream().filter(row -> names.isEmpty() || names.stream().anyMatch(row.name()::startsWith)).toList();
    }

    /** What went wrong can be looked at, so this comes only at the end. */
    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path path(final CommandLine line, final String option, final String otherwise) {
        return Path.of(line.getOptionValue(option, otherwise)).toAbsolutePath();
    }

    private static Stream<String> list(final String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(word -> !word.isEmpty());
    }

    private static String machine(final Path directory) throws IOException {
        final String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .findFirst().map(line -> line.split(":", 2)[1].strip()).orElse("unknown processors");
        return Runtime.getRuntime().availableProcessors() + " × " + model + ", Linux " + System.getProperty("os.version")
                + ", Java " + Runtime.version() + ", " + Files.getFileStore(directory).type();
    }
}
