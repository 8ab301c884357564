package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system that has no hard links and takes {@code A} and {@code a} for one name. */
// A mount is not used but for being there
@SuppressWarnings("try")
class ExfatIT {

    private static final int PARALLEL = 20;

    @TempDir
    private Path directory;

    @Test
    void neverReplacesAFileWithoutLeave() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.exfat(scene.box(), directory.resolve("image"));
                Server server = Server.start(scene.command())) {
            assertThat(Scene.upload(server, "name", bytes("first")).status()).isEqualTo(200);
            assertThat(Scene.upload(server, "name", bytes("second")).status()).isEqualTo(409);
            assertThat(Scene.upload(server, "NAME", bytes("third")).status()).isEqualTo(409);

            assertThat(scene.names()).containsExactly("name");
            assertThat(scene.box().resolve("name")).hasContent("first");
        }
    }

    @Test
    void storesInOneDirectoryWhatDiffersInTheCaseOfItsDirectory() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.exfat(scene.box(), directory.resolve("image"));
                Server server = Server.start(scene.command())) {
            assertThat(Scene.upload(server, "dir/name", bytes("first")).status()).isEqualTo(200);
            assertThat(Scene.upload(server, "DIR/name", bytes("second")).status()).isEqualTo(409);
            assertThat(Scene.upload(server, "DIR/other", bytes("third")).status()).isEqualTo(200);
            assertThat(Scene.upload(server, "Dir", bytes("fourth")).status()).isEqualTo(409);
            assertThat(Scene.upload(server, "DIR/NAME/x", bytes("fifth")).status()).isEqualTo(409);

            assertThat(scene.names()).containsExactly("dir");
            assertThat(scene.box().resolve("dir/name")).hasContent("first");
            assertThat(scene.box().resolve("dir/other")).hasContent("third");
        }
    }

    @Test
    void storesOneOfParallelUploadsOfOneName() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.exfat(scene.box(), directory.resolve("image"));
                Server server = Server.start(scene.command())) {
            final ExecutorService clients = Executors.newFixedThreadPool(PARALLEL);
            final List<Exchange> begun = new ArrayList<>();
            for (int i = 0; i < PARALLEL; i++) {
                begun.add(Scene.begin(server, i % 2 == 0 ? "name" : "NAME", bytes("by " + i)));
            }
            final List<Future<Integer>> statuses = new ArrayList<>();
            for (final Exchange exchange : begun) {
                statuses.add(clients.submit(() -> exchange.sendChunk().answer().status()));
            }
            int winner = -1;
            for (int i = 0; i < PARALLEL; i++) {
                final int status = statuses.get(i).get();
                assertThat(status).isIn(200, 409);
                assertThat(status == 200 && winner >= 0).as("a second winner").isFalse();
                winner = status == 200 ? i : winner;
                begun.get(i).close();
            }
            clients.shutdown();
            assertThat(scene.names()).hasSize(1);
            assertThat(Files.readString(scene.box().resolve("name"))).isEqualTo("by " + winner);
        }
    }

    @Test
    void doesNotReplaceWhatItCouldNotPutBack() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.exfat(scene.box(), directory.resolve("image"));
                Server server = Server.start(scene.command("--overwrite"))) {
            assertThat(Scene.upload(server, "name", bytes("first")).status()).isEqualTo(200);
            assertThat(Scene.upload(server, "name", bytes("second")).status()).isEqualTo(409);

            assertThat(scene.box().resolve("name")).hasContent("first");
            assertThat(scene.names()).containsExactly("name");
            assertThat(server.log()).contains("cannot be replaced, since there can be no second hard link");
        }
    }

    @Test
    void storesTwoFilesOfAFormUnderTwoNamesOrNone() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.exfat(scene.box(), directory.resolve("image"));
                Server server = Server.start(scene.command("--overwrite"));
                Exchange exchange = new Exchange(server)) {
            final String body = part("name", "first") + part("NAME", "second") + "--b--";
            exchange.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS + "Content-Length: " + body.length()
                    + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n" + body);

            assertThat(exchange.answer().status()).isEqualTo(409);
            assertThat(scene.names()).isEmpty();
        }
    }

    private static String part(final String name, final String content) {
        return "--b\r\nContent-Disposition: form-data; name=f; filename=" + name + "\r\n\r\n" + content + "\r\n";
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
