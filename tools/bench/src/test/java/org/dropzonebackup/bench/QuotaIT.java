package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.core.users.PasswordHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty uploads at once, together larger than the quota: not a byte over it, and all is given back. */
class QuotaIT {

    private static final int PARALLEL = 50;
    private static final int SIZE = 50_000;
    private static final int QUOTA = 20 * SIZE;
    private static final String PASSWORD = "secret-pa55";

    @TempDir
    private Path directory;
    private Scene scene;
    private Server server;

    @BeforeEach
    void start() throws IOException {
        scene = Scene.in(directory);
        Files.writeString(directory.resolve("users.properties"), "alice.password = " + PasswordHash.of(PASSWORD).text()
                + "\nalice.directory = box\nalice.quota = " + QUOTA + "\n");
        server = Server.start(scene.command());
        // So that none of the fifty waits for a password hash
        assertThat(begin("empty", "Content-Length: 0").answer().status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void isUsedToTheLastByteByUploadsOfKnownLength() throws Exception {
        final List<Integer> statuses = all(i -> {
            try (Exchange exchange = begin("file" + i, "Content-Length: " + SIZE)) {
                return sent(exchange, false);
            }
        });

        assertThat(statuses).containsOnly(200, 507);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(QUOTA / SIZE);
        assertThat(bytes()).isEqualTo(QUOTA);
    }

    @Test
    void isNeverExceededByUploadsOfUnknownLengthAndGivenBackWhenTheyEnd() throws Exception {
        final List<Integer> statuses = all(i -> {
            try (Exchange exchange = begin("file" + i, "Transfer-Encoding: chunked")) {
                return sent(exchange, true);
            }
        });

        assertThat(statuses).containsOnly(200, 507).contains(507);
        final long used = bytes();
        assertThat(used).isLessThanOrEqualTo(QUOTA)
                .isEqualTo(SIZE * statuses.stream().filter(status -> status == 200).count());
        assertThat(put("over", (int) (QUOTA - used) + 1)).isEqualTo(507);
        assertThat(put("rest", (int) (QUOTA - used))).isEqualTo(200);
        assertThat(bytes()).isEqualTo(QUOTA);
    }

    @Test
    void isGivenBackByUploadsThatBreakOff() throws Exception {
        final List<Exchange> begun = new ArrayList<>();
        for (int i = 0; i < QUOTA / SIZE; i++) {
            begun.add(begin("file" + i, "Content-Length: " + SIZE).send(new byte[SIZE / 2]));
        }
        assertThat(Scene.eventually(() -> scene.names().size() == 1 + begun.size())).isTrue();
        assertThat(put("one", 1)).isEqualTo(507);
        for (final Exchange exchange : begun) {
            exchange.close();
        }
        assertThat(Scene.eventually(() -> scene.names().equals(List.of("empty")))).isTrue();

        assertThat(put("whole", QUOTA)).isEqualTo(200);
    }

    @Test
    void countsWhatOthersPutIntoTheDirectoryOrRemove() throws Exception {
        Files.write(scene.box().resolve("theirs"), new byte[QUOTA]);
        final AtomicInteger names = new AtomicInteger();
        assertThat(Scene.eventually(() -> put("mine" + names.incrementAndGet(), 1) == 507)).isTrue();

        for (final String name : scene.names()) {
            Files.delete(scene.box().resolve(name));
        }
        assertThat(put("whole", QUOTA)).isEqualTo(200);
    }

    @Test
    void isCountedWithoutAnEntryThatCannotBeRead() throws Exception {
        Prerequisite.programs("strace");
        final Path unreadable = Files.createFile(scene.box().resolve("unreadable"));
        try (Injection injection = Injection.into(server, "lstat,newfstatat,statx:error=EIO", unreadable)) {
            // Too much, so that the files are counted
            assertThat(put("over", QUOTA + 1)).as("%s", injection).isEqualTo(507);
            assertThat(put("over", QUOTA + 1)).isEqualTo(507);
            assertThat(put("whole", QUOTA)).isEqualTo(200);
        }
        assertThat(Scene.count(server.log(), "unreadable cannot be read: Input/output error; it does not count")).isEqualTo(1);
    }

    private interface Upload {
        int send(int number) throws IOException;
    }

    private static List<Integer> all(final Upload upload) throws Exception {
        final ExecutorService clients = Executors.newFixedThreadPool(PARALLEL);
        final List<Future<Integer>> pending = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            final int number = i;
            pending.add(clients.submit(() -> upload.send(number)));
        }
        final List<Integer> statuses = new ArrayList<>();
        for (final Future<Integer> one : pending) {
            statuses.add(one.get());
        }
        clients.shutdown();
        return statuses;
    }

    private static int sent(final Exchange exchange, final boolean chunked) throws IOException {
        return exchange.answerTo(Collections.nCopies(10, new byte[SIZE / 10]), chunked).status();
    }

    private Exchange begin(final String name, final String header) throws IOException {
        return new Exchange(server).send(Scene.put(name, "Username: alice", "Password: " + PASSWORD, header) + "\r\n");
    }

    private int put(final String name, final int length) throws IOException {
        try (Exchange exchange = begin(name, "Content-Length: " + length)) {
            try {
                exchange.send(new byte[length]);
            } catch (final IOException refusedAlready) {
                return exchange.answer().status();
            }
            return exchange.answer().status();
        }
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.list(scene.box())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
