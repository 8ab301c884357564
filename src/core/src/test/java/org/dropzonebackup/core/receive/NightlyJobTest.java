package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.receive.AlicesBox.announced;
import static org.dropzonebackup.core.receive.KeepingBox.BOX;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that sends a file of one name each night, to two servers that share a directory. */
class NightlyJobTest {

    private static final int NIGHTS = 400;
    private static final int SERVERS = 2;

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void keepsAllFilesOfAllNights(final KeepingBox.Kind kind, @TempDir final Path base) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        final Map<String, String> told = new TreeMap<>();
        final ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
        final CyclicBarrier night = new CyclicBarrier(SERVERS, () -> box.clock().pass(Duration.ofDays(1)));
        try {
            final List<Future<Map<String, String>>> jobs = new ArrayList<>();
            for (int server = 0; server < SERVERS; server++) {
                final Receiver receiver = box.server();
                final String from = " from job " + server;
                jobs.add(threads.submit(() -> nights(receiver, from, night)));
            }
            for (final Future<Map<String, String>> job : jobs) {
                told.putAll(job.get(2, TimeUnit.MINUTES));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(told).as("none equal").hasSize(NIGHTS * SERVERS).containsKey("db.dump");
        assertThat(box.stored("x")).isEqualTo(told);
        assertThat(told.keySet()).filteredOn(name -> name.endsWith("Z-2.dump")).as("one of each night but the first").hasSize(NIGHTS - 1);
    }

    private static Map<String, String> nights(final Receiver server, final String from, final CyclicBarrier night) throws Exception {
        final Map<String, String> told = new TreeMap<>();
        for (int i = 0; i < NIGHTS; i++) {
            night.await(1, TimeUnit.MINUTES);
            final String content = "night " + i + from;
            final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            told.put(KeepingBox.send(server, BOX, Map.of(announced("db.dump"), bytes)).get(0).name(),
                    HexFormat.of().formatHex(AlicesBox.sha256(content)));
        }
        return told;
    }
}
