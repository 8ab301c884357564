package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.Way;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user fields {@code expect-every} and {@code expect-grace}. */
class FreshnessIT {

    /** The server looks every ten seconds. */
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void tellsOfABackupThatDoesNotComeAndOfTheNextOne() throws Exception {
        final ServerProcess server = startWithBobWhoIsDown(directory, "--metrics-token", MetricsIT.TOKEN);
        final Path base = directory.resolve("uploads");
        try {
            final Path segment = base.resolve(".dropzone/journal/1/00000000000000000001.jsonl");
            await().atMost(SOON).untilAsserted(() -> assertThat(Files.readString(segment)).contains("\"event\":\"down\",\"user\":\"bob\""));
            await().atMost(SOON).untilAsserted(() -> assertThat(metrics(server)).contains(
                    "dropzone_user_state{state=\"down\",user=\"bob\"} 1.0", "dropzone_user_state{state=\"on_time\",user=\"bob\"} 0.0",
                    "dropzone_user_last_stored_timestamp_seconds{user=\"bob\"} "));
            assertThat(server.log()).contains("the backup of bob is down: the last file came ");

            assertThat(BobsUpload.ask(server, BobsUpload.request(Way.PUT, "new.dump", "x")).status()).isEqualTo(200);
            await().atMost(SOON).untilAsserted(() ->
                    assertThat(metrics(server)).contains("dropzone_user_state{state=\"on_time\",user=\"bob\"} 1.0"));
            await().atMost(SOON).untilAsserted(() -> assertThat(Files.readAllLines(segment)).hasSize(4).last().asString()
                    .contains("\"event\":\"recovered\",\"user\":\"bob\"", "\"lastPath\":\"new.dump\""));
        } finally {
            server.stop();
        }
        assertThat(base.resolve(".dropzone/freshness.json")).exists();
    }

    /** Files of bob are expected every day, and the last one came two days ago. */
    static ServerProcess startWithBobWhoIsDown(final Path directory, final String... options) throws IOException {
        final Path base = ServerProcess.prepare(directory);
        Files.writeString(directory.resolve("users.properties"), "bob.expect-every = 1 d\nbob.expect-grace = 0 s\n",
                StandardOpenOption.APPEND);
        try (Journal journal = new Journal(base.resolve(".dropzone/journal"), false,
                Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)), System::nanoTime)) {
            journal.append(List.of(new Entry(Event.STORED, Optional.of("bob"),
                    new FileFacts("bob", "old.dump", 1, "0".repeat(64), Optional.empty()), Optional.empty())));
        }
        final List<String> command = ServerProcess.command("--port", "0", "--listen", "127.0.0.1", "--upload-base-dir", base.toString(),
                "--users-file", directory.resolve("users.properties").toString());
        command.addAll(List.of(options));
        return ServerProcess.start(new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()), base);
    }

    private static String metrics(final ServerProcess server) throws Exception {
        try (RawConnection connection = server.connect()) {
            return connection.send("GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + MetricsIT.TOKEN + "\r\n\r\n").readFinal().body();
        }
    }
}
