package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.Way;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A journal that cannot be opened when the server is started. */
class UnopenedJournalIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"PUT", "FORM", "TUS_WITH_UPLOAD"})
    void refusesUploadsUntilItCan(final Way way) throws Exception {
        final Path inTheWay = Files.createFile(ServerProcess.prepare(directory).resolve(".dropzone"));
        final ServerProcess server = ServerProcess.start(directory);
        try {
            final RawConnection.Answer refused = BobsUpload.ask(server, BobsUpload.request(way, "a.txt", "x"));
            assertThat(refused.status()).as(refused.body()).isEqualTo(500);
            assertThat(visible(server)).isEmpty();
            assertThat(server.log()).contains("uploads are refused as long as the journal cannot be opened");

            await().untilAsserted(() -> assertThat(health(server)).isEqualTo("{\"status\":\"unavailable\"}\n"));

            Files.delete(inTheWay);

            assertThat(BobsUpload.ask(server, BobsUpload.request(way, "a.txt", "x")).status()).isEqualTo(way.success());
            assertThat(visible(server)).containsExactly("a.txt");
            assertThat(Files.readAllLines(inTheWay.resolve("journal/1/00000000000000000001.jsonl"))).singleElement().asString()
                    .contains("\"path\":\"a.txt\"");
        } finally {
            server.stop();
        }
    }

    private static String health(final ServerProcess server) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n").readFinal().body();
        }
    }

    private static List<String> visible(final ServerProcess server) throws IOException {
        try (Stream<Path> files = Files.list(server.directoryOf("bob"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).toList();
        }
    }
}
