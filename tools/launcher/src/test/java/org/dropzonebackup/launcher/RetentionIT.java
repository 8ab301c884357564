package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.core.retention.OldFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings {@code keep-for} and {@code keep-at-least}. */
class RetentionIT {

    @TempDir
    private Path directory;

    @Test
    void filesThatAreKeptNoLongerGoWhenTheServerStarts() throws Exception {
        final Path base = ServerProcess.prepare(directory);
        final List<String> alices = OldFiles.nights(base, "alice", 100, 100);
        final List<String> bobs = OldFiles.nights(base, "bob", 100, 100);
        final ServerProcess server = ServerProcess.start(directory, "--keep-for", "90 d", "--keep-at-least", "94");
        try {
            await().untilAsserted(() -> {
                assertThat(files(base, "alice")).containsExactlyInAnyOrderElementsOf(alices.subList(6, 100));
                assertThat(files(base, "bob")).containsExactlyInAnyOrderElementsOf(bobs.subList(6, 100));
            });
            assertThat(base.resolve(".dropzone/clock")).content().startsWith("trusted=");
        } finally {
            server.stop();
        }
    }

    @Test
    void nothingGoesAsLongAsTheClockIsDoubtful() throws Exception {
        final Path base = ServerProcess.prepare(directory);
        OldFiles.nights(base, "alice", 100, 20);
        final ServerProcess server = ServerProcess.start(directory, "--keep-for", "90 d");
        try {
            await().until(() -> server.log().contains("no file is removed, however old: the clock says "));
            assertThat(server.log()).contains("--accept-clock");
            assertThat(files(base, "alice")).hasSize(20);
        } finally {
            server.stop();
        }
    }

    private static List<String> files(final Path base, final String user) throws Exception {
        try (Stream<Path> files = Files.list(base.resolve(user))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
