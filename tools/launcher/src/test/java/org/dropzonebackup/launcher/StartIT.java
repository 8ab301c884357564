package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server jar does while it starts, and what it leaves where others tidy up. */
class StartIT {

    @TempDir
    private Path directory;
    private Path temporary;

    @BeforeEach
    void makeTemporaryDirectory() throws IOException {
        temporary = Files.createDirectory(directory.resolve("temporary"));
    }

    /** As {@code systemd-tmpfiles} does with what is ten days old. */
    @Test
    void showsThePageWhenAllThatIsTemporaryIsGone() throws Exception {
        final ServerProcess server = start();
        try {
            removeAllBelow(temporary);
            for (final String path : List.of("/", "/upload.xhtml", "/resources/upload.js", "/resources/page.css")) {
                assertThat(get(server, path).status()).as(path).isEqualTo(200);
            }
            assertThat(get(server, "/").body()).contains("<title>Dropzone Backup</title>").contains("</html>");
        } finally {
            assertThat(server.stop()).isZero();
        }
        assertThat(server.log()).isEmpty();
    }

    @Test
    void aKilledOneLeavesNothingBehind() throws Exception {
        final ServerProcess server = start();
        assertThat(get(server, "/").status()).isEqualTo(200);
        server.kill();

        assertThat(temporary).isEmptyDirectory();
    }

    private ServerProcess start() throws IOException {
        return ServerProcess.start(new ProcessBuilder(command()).redirectError(directory.resolve("stderr").toFile()),
                directory.resolve("uploads"));
    }

    private List<String> command(final String... options) throws IOException {
        final List<String> command = ServerProcess.command("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", ServerProcess.prepare(directory).toString(),
                "--users-file", directory.resolve("users.properties").toString());
        command.add(1, "-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of(options));
        return command;
    }

    private static Answer get(final ServerProcess server, final String path) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").readFinal();
        }
    }

    /** Each is said when the start has come so far, or a little further. */
    @ParameterizedTest
    @ValueSource(strings = {"jetty-12.1", "Started oeje11w.WebAppContext", "Started oejs.ServerConnector", "Started oejs.Server@",
        "Initialize Weld", "WELD-000900", "Initializing Mojarra", "accepts uploads at"})
    void endsCleanlyWhenItIsAskedToWhileItStarts(final String said) throws Exception {
        final Process process = new ProcessBuilder(command("--verbose")).redirectErrorStream(true).start();
        final BufferedReader out = process.inputReader();
        final List<String> lines = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.contains(said)) {
                process.toHandle().destroy();
            }
        }

        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        assertThat(lines).anyMatch(line -> line.contains(said))
                .noneMatch(line -> line.contains("Exception") || line.contains("SEVERE") || line.contains("did not"));
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void makesNoUserWhereItCannotListen() throws Exception {
        final Path users = directory.resolve("new/users.properties");
        final Process process = new ProcessBuilder(ServerProcess.command("--listen", "192.0.2.1",
                "--upload-base-dir", directory.resolve("new").toString(), "--users-file", users.toString(), "--first-user", "alice"))
                .redirectErrorStream(true).start();

        assertThat(process.inputReader().lines()).hasSize(1).allMatch(line -> line.contains("Cannot listen on 192.0.2.1"));
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(users).doesNotExist();
    }

    private static void removeAllBelow(final Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException fault) throws IOException {
                if (!visited.equals(top)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
