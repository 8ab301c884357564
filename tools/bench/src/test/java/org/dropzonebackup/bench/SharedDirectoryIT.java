package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two servers, each a process of its own, on one directory. */
// A mount is not used but for being there
@SuppressWarnings("try")
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

    @ParameterizedTest
    @ValueSource(strings = {"attr_timeout=1,entry_timeout=1", "attr_timeout=5,entry_timeout=5,auto_cache"})
    void nothingIsLostWhereOneServerSeesLateWhatTheOtherDid(final String memory) throws Exception {
        final Path shared = Files.createDirectory(directory.resolve("shared"));
        final Scene one = Scene.in(directory.resolve("one"));
        final Scene other = Scene.in(directory.resolve("other"));
        try (Mount way = Mount.bindfs(one.box(), shared, memory); Mount otherWay = Mount.bindfs(other.box(), shared, memory);
                Server first = Server.start(one.command()); Server second = Server.start(other.command())) {
            for (int i = 0; i < 5; i++) {
                final Content content = Content.random(new Random(i), PIECE * PIECES);
                sendInTurns(List.of(first, second), "file" + i, content);
                assertThat(Content.sha256(Files.readAllBytes(shared.resolve("file" + i)))).isEqualTo(content.sha256());
            }
        }
        assertThat(shared).isDirectoryNotContaining("glob:**.upload.~tmp");
    }

    /** As a client does that is told to go on elsewhere. */
    private static void sendInTurns(final List<Server> servers, final String name, final Content content) throws IOException {
        final String upload = Tus.create(servers.get(0), name, content.bytes().length);
        int offset = 0;
        for (int i = 1; offset < content.bytes().length; i++) {
            assertThat(i).as("requests").isLessThan(30 * PIECES);
            final byte[] piece = Arrays.copyOfRange(content.bytes(), offset, Math.min(offset + PIECE, content.bytes().length));
            final Exchange.Answer answer = Tus.patch(servers.get(i % 2), upload, offset, piece);
            assertThat(answer.status()).isIn(204, 409);
            offset = Integer.parseInt(Tus.header(answer, "Upload-Offset"));
        }
    }

    private static byte[] piece(final Content content, final int number) {
        return Arrays.copyOfRange(content.bytes(), number * PIECE, (number + 1) * PIECE);
    }
}
