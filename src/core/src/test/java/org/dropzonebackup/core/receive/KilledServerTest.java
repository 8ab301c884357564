package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of an upload when its server is killed; the servers are processes. */
class KilledServerTest {

    private static final int LENGTH = 4_000_000;

    private final long seed = System.nanoTime();
    private final byte[] content = PiecewiseSender.content(seed, LENGTH);
    @TempDir
    private Path base;
    private ResumableReceiver server;
    private UploadId id;

    @BeforeEach
    void create() throws Exception {
        Files.createDirectory(base.resolve("alice"));
        server = PiecewiseSender.server(base);
        id = PiecewiseSender.create(server, "a.bin", LENGTH);
    }

    @Test
    void goesOnAfterEachKillWithAllThatWasThereForCertain() throws Exception {
        final Random moments = new Random(seed);
        for (int kill = 0; kill < 3; kill++) {
            final Process killed = start();
            long certain = 0;
            try (BufferedReader said = killed.inputReader()) {
                for (int pieces = moments.nextInt(1, 25); pieces > 0; pieces--) {
                    certain = Long.parseLong(said.readLine());
                }
                killed.destroyForcibly();
            }
            assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();

            final long offset = server.look(PiecewiseSender.BOX, PiecewiseSender.OWNER, id).offset();
            assertThat(offset).as("seed %d", seed).isGreaterThanOrEqualTo(certain);
            final byte[] there = Files.readAllBytes(base.resolve("alice/." + id + ".upload.~tmp"));
            assertThat(Arrays.equals(there, 0, (int) offset, content, 0, (int) offset)).as("seed %d", seed).isTrue();
        }
        final Process last = start();
        try (BufferedReader said = last.inputReader()) {
            assertThat(said.lines()).last().isEqualTo("complete");
        }
        assertThat(base.resolve("alice/a.bin")).hasBinaryContent(content);
        assertThat(server.look(PiecewiseSender.BOX, PiecewiseSender.OWNER, id).receipts().orElseThrow())
                .extracting(Receipt::sha256)
                .containsExactly(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    }

    private Process start() throws IOException {
        return new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), PiecewiseSender.class.getName(), base.toString(),
                id.toString(), Long.toString(seed))).redirectErrorStream(true).start();
    }
}
