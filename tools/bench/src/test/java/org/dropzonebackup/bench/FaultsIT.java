package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dropzonebackup.bench.Exchange.Answer;
import org.dropzonebackup.core.users.PasswordHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks under a running server: a clear refusal, a word in the log, nothing left, and all well again afterwards. */
// A mount is not used but for being there
@SuppressWarnings("try")
class FaultsIT {

    private static final byte[] SMALL = "content".getBytes(StandardCharsets.UTF_8);
    private static final byte[] MEGABYTE = new byte[1 << 20];

    @TempDir
    private Path directory;

    @Test
    void fullDiskRefusesAndRecovers() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.tmpfs(scene.box(), "size=8m"); Server server = Server.start(scene.command())) {
            for (int i = 0; i < 20; i++) {
                try (Exchange exchange = Scene.begin(server, "big", MEGABYTE)) {
                    assertThat(sendMegabytes(exchange, 16).status()).isEqualTo(507);
                }
            }
            assertThat(scene.names()).isEmpty();
            assertThat(Scene.upload(server, "big", new byte[9 << 20]).status()).isEqualTo(507);
            assertThat(Scene.upload(server, "small", SMALL).status()).isEqualTo(200);
            assertThat(scene.names()).containsExactly("small");
        }
    }

    @Test
    void diskThatOthersFillMeanwhileRefusesAndRecovers() throws Exception {
        final Scene scene = Scene.in(directory);
        final Path others = scene.box().resolve("others");
        try (Mount mount = Mount.tmpfs(scene.box(), "size=8m"); Server server = Server.start(scene.command())) {
            try (Exchange exchange = Scene.begin(server, "big", MEGABYTE)) {
                assertThat(Scene.eventually(() -> scene.names().size() == 1)).isTrue();
                fill(others);
                assertThat(sendMegabytes(exchange, 2).status()).isEqualTo(507);
            }
            assertThat(scene.names()).containsExactly("others");
            Files.delete(others);
            assertThat(Scene.upload(server, "big", MEGABYTE).status()).isEqualTo(200);
        }
    }

    @Test
    void diskWithoutInodesRefusesAndSaysItOnce() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.tmpfs(scene.box(), "size=8m,nr_inodes=4"); Server server = Server.start(scene.command())) {
            for (int i = 0; i < 3; i++) {
                Files.createFile(scene.box().resolve("theirs" + i));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(Scene.upload(server, "small", SMALL).status()).isEqualTo(507);
            }
            assertThat(Scene.count(server.log(), "uploads are refused")).isEqualTo(1);
            // One for the file, and on this file system one for its second name and one for its extended attribute
            for (int i = 0; i < 3; i++) {
                Files.delete(scene.box().resolve("theirs" + i));
            }
            assertThat(Scene.upload(server, "small", SMALL).status()).isEqualTo(200);
        }
    }

    @Test
    void formIsStoredWholeOrNotAtAllInADirectoryWhereverInodesEnd() throws Exception {
        final Scene scene = Scene.in(directory);
        final List<Integer> statuses = new ArrayList<>();
        try (Mount mount = Mount.tmpfs(scene.box(), "size=8m,nr_inodes=24"); Server server = Server.start(scene.command())) {
            final Path below = Files.createDirectory(scene.box().resolve("d"));
            for (int left = 0; left < 14; left++) {
                final List<Path> theirs = useUpInodes(scene.box());
                for (int i = 0; i < left; i++) {
                    Files.delete(theirs.get(i));
                }
                final int status = sendForm(server, "d/one", "d/two");
                statuses.add(status);
                theirs.subList(left, theirs.size()).forEach(file -> assertThat(file.toFile().delete()).isTrue());
                final List<String> stored = List.of(below.toFile().list());
                assertThat(stored).as("%d, %d inodes left", status, left).hasSize(status == 200 ? 2 : 0);
                for (final String name : stored) {
                    Files.delete(below.resolve(name));
                }
                assertThat(Scene.eventually(() -> scene.names().equals(List.of("d")))).as("staging files").isTrue();
            }
        }
        assertThat(statuses).as(Files.readString(scene.directory().resolve("log"))).containsOnly(200, 507).contains(200, 507).isSortedAccordingTo(Comparator.reverseOrder());
    }

    /** Files until there can be no more. */
    private static List<Path> useUpInodes(final Path box) throws IOException {
        final List<Path> files = new ArrayList<>();
        try {
            while (true) {
                files.add(Files.createFile(box.resolve("theirs" + files.size())));
            }
        } catch (final FileSystemException full) {
            return files;
        }
    }

    private static int sendForm(final Server server, final String... names) throws IOException {
        final StringBuilder body = new StringBuilder();
        for (final String name : names) {
            body.append("--b\r\nContent-Disposition: form-data; name=f; filename=\"").append(name).append("\"\r\n\r\nx\r\n");
        }
        body.append("--b--\r\n");
        try (Exchange exchange = new Exchange(server)) {
            return exchange.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .answer().status();
        }
    }

    @Test
    void directoryThatIsRemovedRefusesAndRecovers() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Server server = Server.start(scene.command())) {
            try (Exchange exchange = Scene.begin(server, "late", SMALL)) {
                assertThat(Scene.eventually(() -> scene.names().size() == 1)).isTrue();
                for (final String name : scene.names()) {
                    Files.delete(scene.box().resolve(name));
                }
                Files.delete(scene.box());
                assertThat(exchange.sendChunk().answer().status()).isEqualTo(500);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(Scene.upload(server, "later", SMALL).status()).isEqualTo(500);
            }
            assertThat(Scene.count(server.log(), scene.box() + " is not a directory")).isEqualTo(1);
            Files.createDirectory(scene.box());
            assertThat(Scene.upload(server, "small", SMALL).status()).isEqualTo(200);
            assertThat(scene.names()).containsExactly("small");
        }
    }

    @Test
    void fileSystemThatBecomesReadOnlyRefusesAndRecovers() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Mount mount = Mount.tmpfs(scene.box(), "size=8m"); Server server = Server.start(scene.command())) {
            mount.remount("ro");
            for (int i = 0; i < 20; i++) {
                assertThat(Scene.upload(server, "small", SMALL).status()).isEqualTo(500);
            }
            assertThat(Scene.count(server.log(), scene.box().toString())).isEqualTo(1);
            mount.remount("rw");
            assertThat(Scene.upload(server, "small", SMALL).status()).isEqualTo(200);
        }
    }

    @Test
    void usersFileThatBecomesGarbageLeavesTheLastGoodOneInForce() throws Exception {
        final Scene scene = Scene.in(directory);
        final Path users = directory.resolve("users.properties");
        Files.writeString(users, "alice.password = " + PasswordHash.of("secret-pa55").text() + "\nalice.directory = box\n");
        try (Server server = Server.start(scene.command("--overwrite"))) {
            assertThat(asAlice(server, "secret-pa55").status()).isEqualTo(200);
            Files.write(users, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, (byte) 0xC3});
            assertThat(Scene.eventually(() -> {
                assertThat(asAlice(server, "secret-pa55").status()).isEqualTo(200);
                return server.log().contains("cannot be read, the last good version stays in force");
            })).isTrue();
            Files.writeString(users, "alice.password = " + PasswordHash.of("another-pa55").text() + "\nalice.directory = box\n");
            assertThat(Scene.eventually(() -> asAlice(server, "secret-pa55").status() == 403)).isTrue();
            assertThat(asAlice(server, "another-pa55").status()).isEqualTo(200);
            assertThat(Scene.count(server.log(), "cannot be read")).isEqualTo(1);
        }
    }

    @Test
    void serverWithoutDescriptorsSaysThatItIsBusyAndRecovers() throws Exception {
        final Scene scene = Scene.in(directory);
        final Server.Command command = scene.command().after("/bin/sh", "-c", "ulimit -n 150; exec \"$0\" \"$@\"");
        try (Server server = Server.start(command)) {
            assertThat(Scene.upload(server, "before", SMALL).status()).isEqualTo(200);
            final List<Exchange> holding = new ArrayList<>();
            final List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                // Each costs the server two descriptors, at least one
                holding.add(Scene.begin(server, "held" + i, SMALL));
            }
            for (final Exchange exchange : holding) {
                try {
                    statuses.add(exchange.sendChunk().answer().status());
                } finally {
                    exchange.close();
                }
            }
            assertThat(statuses).as(server.log()).containsOnly(200, 503).contains(503);
            assertThat(Scene.count(server.log(), "uploads are refused")).as("once for each thing that lacks one").isBetween(1, 3);
            assertThat(scene.names()).hasSize(1 + (int) statuses.stream().filter(status -> status == 200).count());
            assertThat(Scene.upload(server, "after", SMALL).status()).isEqualTo(200);
        }
    }

    @Test
    void smallHeapIsEnoughForManyUploadsAtOnce() throws Exception {
        final Scene scene = Scene.in(directory);
        try (Server server = Server.start(scene.command().on("-Xmx32m"))) {
            final List<Exchange> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                all.add(Scene.begin(server, "file" + i, new byte[100_000]));
            }
            for (final Exchange exchange : all) {
                assertThat(sendMegabytes(exchange, 1).status()).isEqualTo(200);
                exchange.close();
            }
            assertThat(scene.names()).hasSize(300);
            assertThat(server.log()).doesNotContain("OutOfMemory");
        }
    }

    private static Answer sendMegabytes(final Exchange exchange, final int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                exchange.sendChunk(MEGABYTE);
            }
            exchange.sendChunk();
        } catch (final IOException refusedAlready) {
            return exchange.answer();
        }
        return exchange.answer();
    }

    private static Answer asAlice(final Server server, final String password) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            return exchange.send(Scene.put("a", "Username: alice", "Password: " + password, "Content-Length: 1") + "\r\nx")
                    .answer();
        }
    }

    private static void fill(final Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(MEGABYTE);
            }
        } catch (final IOException full) {
            assertThat(file).exists();
        }
    }
}
