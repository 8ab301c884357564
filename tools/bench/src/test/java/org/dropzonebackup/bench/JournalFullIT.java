package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a device of its own that is full: nothing is stored that it does not remember. */
class JournalFullIT {

    @TempDir
    private Path directory;

    @Test
    void refusesUploadsUntilThereIsSpaceAgain() throws Exception {
        final Scene scene = Scene.in(directory);
        final Path memory = Files.createDirectory(directory.resolve(".dropzone"));
        try (Mount device = Mount.tmpfs(memory, "size=256k"); Server server = Server.start(scene.command())) {
            assertThat(Scene.upload(server, "before", (byte) 1).status()).as("%s", device).isEqualTo(200);
            final Path ballast = memory.resolve("ballast");
            fill(ballast);
            // Until the last block of the journal is used up
            int stored = 0;
            while (stored < 1000 && Scene.upload(server, "file" + stored, (byte) 1).status() == 200) {
                stored++;
            }
            final Exchange.Answer refused = Scene.upload(server, "refused", (byte) 1);
            assertThat(refused.status()).isEqualTo(507);
            assertThat(scene.names()).hasSize(stored + 1).doesNotContain("refused");
            assertThat(Scene.count(server.log(), "takes no entries: No space left on device")).isPositive();

            Files.delete(ballast);
            assertThat(Scene.upload(server, "refused", (byte) 1).status()).isEqualTo(200);
            assertThat(lines(memory)).hasSize(stored + 2).allMatch(line -> line.endsWith("}"));
        }
    }

    private static void fill(final Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            final byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (final IOException full) {
            assertThat(full).hasMessageContaining("No space left on device");
        }
    }

    private static List<String> lines(final Path memory) throws IOException {
        return Files.readAllLines(memory.resolve("journal/1/00000000000000000001.jsonl"));
    }
}
