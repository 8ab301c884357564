package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.SubmittedPaths;
import org.dropzonebackup.web.Way;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with directories before their names, in the server jar; and a server that stores no directories. */
class PathsIT {

    @TempDir
    private static Path directory;
    private static ServerProcess server;
    private static ServerProcess flat;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(Files.createDirectory(directory.resolve("deep")), "--anonymous-dir", "anonymous",
                "--anonymous-challenge", "off");
        flat = ServerProcess.start(Files.createDirectory(directory.resolve("flat")), "--subdirectories=false");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
        flat.stop();
    }

    @ParameterizedTest
    @EnumSource(names = {"PUT", "POST", "WHOLE_BY_DRAFT", "FORM", "MIXED", "DRAFT", "TUS_WITH_UPLOAD"})
    void storesAFileWhereItsPathSaysOrNowhere(final Way way, @TempDir final Path elsewhere) throws Exception {
        new SubmittedPaths(URI.create("http://127.0.0.1:" + server.port() + "/").toURL(), server.directoryOf("bob"), elsewhere,
                path -> false).send(way);
    }

    @Test
    void tellsTheNameOfAFileThatGotAnother() throws IOException {
        final String file = "PUT /upload/logs/a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n";
        final String unnamed = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n";
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send(file + "x").readFinal().body()).isEqualTo("OK");
            assertThat(connection.send(unnamed + "x").readFinal().body()).isEqualTo("OK");
            final String renamed = connection.send(file + "y").readFinal().body().strip();
            assertThat(renamed).startsWith("OK logs/a");
            assertThat(server.directoryOf("anonymous").resolve(renamed.substring(3))).hasContent("y");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PUT", "FORM", "DRAFT", "TUS_WITH_UPLOAD"})
    void getsNoFileIntoTheBoxOfAnother(final Way way, @TempDir final Path base) throws Exception {
        final ServerProcess open = ServerProcess.start(base, "--anonymous-dir", ".", "--anonymous-challenge", "off");
        try {
            for (final String path : List.of("bob/a.txt", "Bob/new/a.txt", ".challenges/a", ".dropzone/a", ".Dropzone", "bob")) {
                final RawConnection.Answer answer = sendAnonymously(open, way, path);
                assertThat(answer.status()).as(path).isEqualTo(400);
                assertThat(answer.body()).contains("not for these uploads");
            }
            assertThat(sendAnonymously(open, way, "free/a.txt").status()).isEqualTo(way.success());
            assertThat(open.directoryOf("bob")).isEmptyDirectory();
        } finally {
            open.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"PUT, a/b", "PUT, a%2Fb", "PUT, a/", "PUT, /b", "WHOLE_BY_DRAFT, a/b", "DRAFT, a/b"})
    void refusesDirectoriesInAPathWhereNoneAreStored(final Way way, final String path) throws Exception {
        final RawConnection.Answer answer = send(way, path);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("/upload/NAME");
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"POST", "FORM", "MIXED", "TUS_WITH_UPLOAD"})
    void takesTheLastNameOfAPathWhereNoDirectoriesAreStored(final Way way) throws Exception {
        assertThat(send(way, "a/../b").status()).isEqualTo(way.success());
        assertThat(names()).containsExactly("b");
        Files.delete(flat.directoryOf("bob").resolve("b"));
    }

    private static RawConnection.Answer send(final Way way, final String name) throws IOException {
        return BobsUpload.ask(flat, BobsUpload.request(way, name, "x"));
    }

    private static RawConnection.Answer sendAnonymously(final ServerProcess to, final Way way, final String name) throws IOException {
        return BobsUpload.ask(to, BobsUpload.request(way, name, "x").replaceAll("(?:Username|Password): [^\r]*\r\n", ""));
    }

    /** What is published, and directories. */
    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(flat.directoryOf("bob"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).toList();
        }
    }
}
