package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.Way;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that may replace files, and what it may never replace. */
class OverwriteIT {

    private static final String NAME = "a.txt";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory, "--overwrite");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void replacesUnlessTheFileWasToBeNew(final Way way) throws Exception {
        final Path file = Files.writeString(server.directoryOf("bob").resolve(NAME), "good");

        final int refused = send(way, "tail", "If-None-Match: *");
        assertThat(refused).isEqualTo(way == Way.FORM_BY_DRAFT ? way.success() : 412);
        assertThat(send(way, "tail", "If-Match: *")).isEqualTo(412);
        assertThat(send(way, "tail", "Content-Range: bytes 4-7/8")).isEqualTo(400);
        assertThat(file).hasContent("good");

        assertThat(send(way, "next")).isEqualTo(way.success());
        assertThat(file).hasContent(way.isBeginning() ? "good" : "next");
    }

    @Test
    void letsOneOfManyInThatAreToBeNew() throws Exception {
        Files.deleteIfExists(server.directoryOf("bob").resolve(NAME));
        final List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                connections.add(server.connect());
                connections.get(i).send(BobsUpload.head(Way.PUT, NAME, 8, "If-None-Match: *", "Content-Length: 8") + "content");
            }
            final List<Integer> statuses = new ArrayList<>();
            for (final RawConnection connection : connections) {
                connection.send("!");
            }
            for (final RawConnection connection : connections) {
                statuses.add(connection.readFinal().status());
            }
            assertThat(statuses).containsOnlyOnce(200).filteredOn(status -> status == 412).hasSize(7);
        } finally {
            for (final RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    private static int send(final Way way, final String content, final String... headers) throws IOException {
        return BobsUpload.ask(server, BobsUpload.request(way, NAME, content, headers)).status();
    }
}
