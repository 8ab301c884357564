package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and all that it started have taken of the machine, as Linux says it in {@code /proc}.
 *
 * @param cpuSeconds in user and in kernel mode, since each began, in hundredths
 * @param peakBytes the most memory that was resident since {@link #forgetPeak}; what several processes share counts for each
 * @param threads now
 */
record Usage(double cpuSeconds, long peakBytes, int threads) {

    private static final double TICKS_PER_SECOND = 100;

    static Usage of(final ProcessHandle process) throws IOException {
        double cpu = 0;
        long peak = 0;
        int threads = 0;
        for (final Path each : treeOf(process)) {
            try {
                // The name of the program, in parentheses, may hold anything
                final String stat = Files.readString(each.resolve("stat"));
                final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                final List<String> status = Files.readAllLines(each.resolve("status"));
                cpu += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
                threads += Integer.parseInt(fields[17]);
                peak += 1024 * status.stream().filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
            } catch (final NoSuchFileException ended) {
                // Nothing of what has ended is of interest
                continue;
            }
        }
        return new Usage(cpu, peak, threads);
    }

    /** From now on the peak counts. */
    static void forgetPeak(final ProcessHandle process) throws IOException {
        for (final Path each : treeOf(process)) {
            Files.writeString(each.resolve("clear_refs"), "5");
        }
    }

    /** Seconds for which other machines had this one's processors, all together. */
    static double stolenSeconds() throws IOException {
        final String all = Files.readAllLines(Path.of("/proc/stat")).get(0);
        // cpu user nice system idle iowait irq softirq steal
        return Long.parseLong(all.split(" +")[8]) / TICKS_PER_SECOND;
    }

    private static List<Path> treeOf(final ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> Path.of("/proc", Long.toString(each.pid()))).toList();
    }
}
