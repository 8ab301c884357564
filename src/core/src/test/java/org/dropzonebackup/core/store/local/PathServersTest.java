package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers, each a process, that store files in the same directories below that of a user, and are killed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PathServersTest {

    @TempDir
    private Path base;
    private Path box;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
    }

    @Test
    void twoServersStoreNothingUnderOnePath() throws Exception {
        final int count = 200;
        final List<Process> servers = List.of(server(count, "1"), server(count, "2"));
        final List<String> said = new ArrayList<>();
        for (final Process server : servers) {
            begin(server);
        }
        for (final Process server : servers) {
            try (BufferedReader reader = server.inputReader()) {
                final String content = server == servers.get(0) ? "1" : "2";
                final List<String> lines = reader.lines().toList();
                assertThat(lines).hasSize(count);
                for (final String line : lines) {
                    if (line.startsWith("stored ")) {
                        assertThat(box.resolve(line.substring(7))).hasContent(content);
                        said.add(line);
                    }
                }
            }
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(said).hasSize(count).doesNotHaveDuplicates();
        assertThat(tree(box)).hasSize(count + count / 10 + count / 100).noneMatch(name -> name.endsWith(".~tmp"));
    }

    /** Killed at any moment: all that was told is there, no directory is empty, and the rest is swept. */
    @ParameterizedTest
    @ValueSource(ints = {7, 30, 95})
    void killedServerLeavesNothingThatIsSeen(final int when) throws Exception {
        final Process server = server(1_000_000, "content");
        begin(server);
        final List<String> stored = new ArrayList<>();
        try (BufferedReader reader = server.inputReader()) {
            for (int i = 0; i < when; i++) {
                stored.add(reader.readLine().substring("stored ".length()));
            }
            server.destroyForcibly();
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        new LocalStore(base, ".~tmp", false, true, Runnable::run).sweep(List.of("alice"), Instant.now().plusSeconds(60));
        assertThat(tree(box)).containsAll(stored).noneMatch(name -> name.endsWith(".~tmp"));
        for (final String each : tree(box)) {
            final Path found = box.resolve(each);
            if (Files.isDirectory(found)) {
                assertThat(found).isNotEmptyDirectory();
            } else {
                assertThat(found).hasContent("content");
            }
        }
        final Process next = server(when + 10, "content");
        begin(next);
        try (BufferedReader reader = next.inputReader()) {
            assertThat(reader.lines().filter(line -> line.startsWith("stored "))).isNotEmpty();
        }
        assertThat(next.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private Process server(final int count, final String content) throws IOException {
        final Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), PathPublisher.class.getName(), base.toString(), "alice",
                Integer.toString(count), content).redirectErrorStream(true).start();
        assertThat(server.inputReader().readLine()).isEqualTo("ready");
        return server;
    }

    private static void begin(final Process server) throws IOException {
        server.outputWriter().write("begin\n");
        server.outputWriter().flush();
    }

    /** All that is below a directory, by relative paths. */
    private static List<String> tree(final Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> !path.equals(directory)).map(path -> directory.relativize(path).toString()).toList();
        }
    }
}
