package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, each a process of its own, on one directory. */
class SharedDirectoryIT {

    private static final int PIECE = 100_000;
    private static final int PIECES = 20;

    @TempDir
    private Path directory;

    @Test
    void serversTakeTurnsOnOneUploadAndOneWaitsForTheOther() throws Exception {
        final Scene scene = Scene.in(directory);
        final Content content = Content.random(new Random(1), PIECE * PIECES);
        try (Server first = Server.start(scene.command("--idle-timeout", "3 s"));
                Server second = Server.start(scene.command("--idle-timeout", "3 s"))) {
            final List<Server> both = List.of(first, second);
            final String upload = Tus.create(first, "a", content.bytes().length);
            for (int i = 0; i < PIECES - 1; i++) {
                assertThat(Tus.offset(both.get(i % 2), upload)).isEqualTo(i * PIECE);
                assertThat(Tus.patch(both.get((i + 1) % 2), upload, i * PIECE, piece(content, i)).status()).isEqualTo(204);
            }
            final long last = (PIECES - 1) * PIECE;
            try (Exchange hanging = Tus.begin(first, upload, last, PIECE, Arrays.copyOf(piece(content, PIECES - 1), 7))) {
                assertThat(Scene.eventually(() -> scene.staged() == last + 7)).isTrue();
                assertThat(Tus.patch(second, upload, last, piece(content, PIECES - 1)).status()).isEqualTo(423);
                assertThat(Tus.ask(second, "DELETE", upload).status()).isEqualTo(423);
                assertThat(Tus.ask(second, "HEAD", upload).status()).as("who knows what is still to come").isEqualTo(423);
                assertThat(hanging.answer().status()).as("its client is silent for too long").isEqualTo(503);
            }
            assertThat(Scene.eventually(() -> Tus.ask(second, "HEAD", upload).status() == 200)).isTrue();
            assertThat(Tus.offset(second, upload)).isEqualTo(last + 7);
            final byte[] rest = Arrays.copyOfRange(content.bytes(), (int) last + 7, content.bytes().length);
            assertThat(Tus.patch(second, upload, last + 7, rest).status()).isEqualTo(204);
            assertThat(Content.sha256(Files.readAllBytes(scene.box().resolve("a")))).isEqualTo(content.sha256());
            assertThat(Tus.header(Tus.ask(first, "HEAD", upload), "Repr-Digest")).isNotEmpty();
            assertThat(Tus.ask(first, "DELETE", upload).status()).isEqualTo(204);
        }
        assertThat(scene.names()).containsExactly("a");
    }

    private static byte[] piece(final Content content, final int number) {
        return Arrays.copyOfRange(content.bytes(), number * PIECE, (number + 1) * PIECE);
    }
}
