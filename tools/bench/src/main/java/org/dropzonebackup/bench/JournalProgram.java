package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;

/**
 * Measures a large journal:
 * <pre>
 * java -cp dropzone-bench.jar org.dropzonebackup.bench.JournalProgram fill DIRECTORY ENTRIES     and ends as if it were killed
 * java -Xmx64m -cp dropzone-bench.jar org.dropzonebackup.bench.JournalProgram find DIRECTORY ENTRIES
 * java -cp dropzone-bench.jar org.dropzonebackup.bench.JournalProgram append DIRECTORY SECONDS
 * </pre>
 */
public final class JournalProgram {

    private static final int CALL = 1000;
    private static final int FINDS = 20_000;
    private static final int LINE = 330;

    private JournalProgram() {
    }

    public static void main(final String[] arguments) throws Exception {
        final Path directory = Path.of(arguments[1]);
        final long number = Long.parseLong(arguments[2]);
        switch (arguments[0]) {
            case "fill" -> fill(directory, number);
            case "find" -> find(directory, number);
            case "append" -> append(directory, number);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static Entry entry(final long number) {
        final byte[] digest = new byte[32];
        new Random(number).nextBytes(digest);
        return new Entry(Event.STORED, Optional.of("user" + number % 100), new FileFacts("user" + number % 100,
                "nightly/" + number / 1000 + "/db." + number + ".dump", number, HexFormat.of().formatHex(digest), Optional.empty()),
                Optional.of("192.0.2." + number % 256));
    }

    private static Journal open(final Path directory, final boolean durable) throws IOException {
        final long start = System.nanoTime();
        final Journal journal = new Journal(directory, durable, Clock.systemUTC(), System::nanoTime);
        journal.open();
        System.out.printf("opened in %d ms, %d ms after the start of the JVM%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                System.currentTimeMillis() - ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli());
        return journal;
    }

    private static void fill(final Path directory, final long entries) throws IOException {
        final Journal journal = open(directory, false);
        final long start = System.nanoTime();
        for (long first = 0; first < entries; first += CALL) {
            final List<Entry> call = new ArrayList<>(CALL);
            for (long i = first; i < Math.min(entries, first + CALL); i++) {
                call.add(entry(i));
            }
            journal.append(call);
        }
        System.out.printf("%d entries, %.0f per second without syncs%n", entries, entries / seconds(start));
        Runtime.getRuntime().halt(0);
    }

    private static double seconds(final long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void find(final Path directory, final long entries) throws IOException {
        try (Journal journal = open(directory, true)) {
            System.gc();
            System.out.printf("%d KiB of heap in use%n", Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() >> 10);
            for (int round = 0; round < 3; round++) {
                find(journal, "there", new Random(round).longs(FINDS, 0, entries).toArray());
                find(journal, "not there", new Random(round).longs(FINDS, entries, 2 * entries).toArray());
            }
        }
    }

    private static void find(final Journal journal, final String what, final long[] numbers) throws IOException {
        int found = 0;
        final long start = System.nanoTime();
        for (final long number : numbers) {
            final Entry entry = entry(number);
            final FileFacts file = entry.file().orElseThrow();
            found += journal.find(file.directory(), file.path()).filter(line -> line.entry().equals(entry)).isPresent() ? 1 : 0;
        }
        System.out.printf("%s: %.0f microseconds each, %d of %d found%n", what, 1e6 * seconds(start) / numbers.length, found, numbers.length);
    }

    /** One appended entry, and one write and sync of as many bytes at the end of a file. */
    private interface Work {
        void run(int thread) throws IOException;
    }

    private static void append(final Path directory, final long seconds) throws Exception {
        try (Journal journal = open(directory, true)) {
            final AtomicLong number = new AtomicLong();
            for (final int threads : new int[] {1, 16}) {
                final FileChannel[] files = new FileChannel[threads];
                for (int i = 0; i < threads; i++) {
                    files[i] = FileChannel.open(directory.resolve("plain" + i), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
                measure("plain files", threads, seconds, thread -> {
                    files[thread].write(ByteBuffer.allocate(LINE));
                    files[thread].force(false);
                });
                measure("journal", threads, seconds, thread -> journal.append(List.of(entry(number.getAndIncrement()))));
            }
        }
    }

    private static void measure(final String what, final int threads, final long seconds, final Work work) throws Exception {
        final AtomicLong done = new AtomicLong();
        final long start = System.nanoTime();
        final List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            running.add(new Thread(() -> {
                try {
                    while (seconds(start) < seconds) {
                        work.run(thread);
                        done.incrementAndGet();
                    }
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        running.forEach(Thread::start);
        for (final Thread thread : running) {
            thread.join();
        }
        System.out.printf("%s, %d threads: %.0f per second%n", what, threads, done.get() / seconds(start));
    }
}
