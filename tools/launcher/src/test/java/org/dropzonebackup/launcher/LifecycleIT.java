package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the finished server jar starts, refuses to start, and stops. */
class LifecycleIT {

    private static final String BOB = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";

    /** Up to the file in it. */
    private static final String FORM = "--b\r\nContent-Disposition: form-data; name=username\r\n\r\nbob\r\n"
            + "--b\r\nContent-Disposition: form-data; name=password\r\n\r\n" + ServerProcess.BOBS_PASSWORD + "\r\n"
            + "--b\r\nContent-Disposition: form-data; name=file; filename=form.bin\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void letsUploadsFinishWhenItIsAskedToEnd() throws Exception {
        final ServerProcess server = ServerProcess.start(directory, "--pidfile", directory.resolve("pid").toString());
        assertThat(directory.resolve("pid")).isNotEmptyFile();
        try (RawConnection slow = server.connect(); RawConnection chunked = server.connect();
                RawConnection filled = server.connect(); RawConnection idle = server.connect()) {
            assertThat(idle.send(put("first.bin", 1) + "x").readFinal().status()).isEqualTo(200);
            slow.send(put("slow.bin", 10) + "12345");
            chunked.send("PUT /upload/chunked.bin HTTP/1.1\r\nHost: x\r\n" + BOB
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
            final String form = FORM + "1234567890\r\n--b--\r\n";
            filled.send("POST /upload.xhtml HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                    + form.length() + "\r\n\r\n" + FORM + "12345");
            awaitStaging(server.directoryOf("bob"), 3);

            server.terminate();
            awaitRefusal(server);
            awaitRefusal(idle);
            assertThat(slow.send("67890").readFinal().status()).isEqualTo(200);
            assertThat(chunked.send("5\r\n67890\r\n0\r\n\r\n").readFinal().status()).isEqualTo(200);
            final Answer told = filled.send("67890\r\n--b--\r\n").readFinal();
            assertThat(told.status()).isEqualTo(200);
            assertThat(told.body()).contains("form.bin");
        }
        assertThat(server.exitStatus()).isZero();
        assertThat(server.directoryOf("bob").resolve("slow.bin")).hasContent("1234567890");
        assertThat(server.directoryOf("bob").resolve("chunked.bin")).hasContent("1234567890");
        assertThat(server.directoryOf("bob").resolve("form.bin")).hasContent("1234567890");
        assertThat(names(server.directoryOf("bob"))).containsExactlyInAnyOrder("first.bin", "slow.bin", "chunked.bin", "form.bin");
        assertThat(directory.resolve("pid")).doesNotExist();
    }

    /** On connections that were kept open: new ones it does not take. */
    @Test
    void tellsWhoAsksForAnOffsetAtItsEndToAskAgain() throws Exception {
        final ServerProcess server = ServerProcess.start(directory, "--cors-origins", "https://a.example");
        final Deque<RawConnection> kept = new ArrayDeque<>();
        try (RawConnection slow = server.connect(); RawConnection first = server.connect()) {
            final String upload = "/files/" + tus(first, "POST /files/", "Upload-Length: 7\r\n").headers().get("location");
            for (int i = 0; i < 20; i++) {
                kept.add(server.connect());
                assertThat(tus(kept.peekLast(), "OPTIONS /files/", "").status()).isEqualTo(204);
            }
            slow.send(put("slow.bin", 10) + "12345");
            awaitStaging(server.directoryOf("bob"), 2);
            assertThat(offsetOrNone(kept.remove(), upload)).isEqualTo(200);

            server.terminate();
            while (kept.size() > 5) {
                assertThat(offsetOrNone(kept.remove(), upload)).isIn(0, 200, 503);
            }
            awaitRefusal(server);
            assertStops(kept.remove());
            while (!kept.isEmpty()) {
                assertThat(offsetOrNone(kept.remove(), upload)).isIn(0, 503);
            }
            assertThat(slow.send("67890").readFinal().status()).isEqualTo(200);
        }
        assertThat(server.exitStatus()).isZero();
    }

    private static void assertStops(final RawConnection kept) throws IOException {
        try (kept) {
            final RawConnection.Answer health = kept.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n").readFinal();
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.body()).isEqualTo("{\"status\":\"stopping\"}\n");
        }
    }

    /** The status, 0 if the connection ends without an answer; 503 says when to ask again, to pages of other origins too. */
    private static int offsetOrNone(final RawConnection kept, final String upload) throws IOException {
        try (kept) {
            final RawConnection.Answer answer = tus(kept, "HEAD " + upload, "Origin: https://a.example\r\nConnection: close\r\n");
            assertThat(answer.headers()).containsKey(answer.status() == 503 ? "retry-after" : "upload-offset")
                    .containsEntry("access-control-allow-origin", "https://a.example");
            return answer.status();
        } catch (final EOFException | SocketException none) {
            return 0;
        }
    }

    private static RawConnection.Answer tus(final RawConnection connection, final String line, final String headers)
            throws IOException {
        return connection.send(line + " HTTP/1.1\r\nHost: x\r\n" + BOB + "Tus-Resumable: 1.0.0\r\n" + headers + "\r\n").readFinal();
    }

    @Test
    void givesUpAnUploadThatOutlastsTheGrace() throws Exception {
        final ServerProcess server = ServerProcess.start(directory, "--shutdown-grace", "200 ms");
        try (RawConnection slow = server.connect()) {
            slow.send(put("slow.bin", 10) + "12345");
            awaitStaging(server.directoryOf("bob"), 1);

            assertThat(server.stop()).isZero();
            assertThat(statusOrNone(slow) / 100).isNotEqualTo(2);
        }
        assertThat(names(server.directoryOf("bob"))).isEmpty();
    }

    @Test
    void endsCleanlyWhileItsPageMayStillStart() throws Exception {
        final ServerProcess server = ServerProcess.start(directory);
        assertThat(server.stop()).isZero();
        assertThat(server.log()).isEmpty();
    }

    @Test
    void setsUpAFirstUserOnceAndPrintsThePassword() throws Exception {
        final Path base = directory.resolve("new/uploads");
        final Path users = directory.resolve("new/users.properties");
        final ServerProcess first = startFirst(base, users);
        final Matcher password = Pattern.compile("Password of user alice: (\\S+)").matcher(first.greeting());
        assertThat(password.find()).isTrue();
        try (RawConnection connection = first.connect()) {
            final String basic = Base64.getEncoder().encodeToString(
                    ("alice:" + password.group(1)).getBytes(StandardCharsets.UTF_8));
            assertThat(connection.send("PUT /upload/a.txt HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + basic
                    + "\r\nContent-Length: 1\r\n\r\nx").readFinal().status()).isEqualTo(200);
        }
        first.stop();
        final String written = Files.readString(users);

        final ServerProcess second = startFirst(base, users);
        second.stop();

        assertThat(second.greeting()).doesNotContain("Password");
        assertThat(users).hasContent(written);
        assertThat(base.resolve("alice/a.txt")).hasContent("x");
    }

    private ServerProcess startFirst(final Path base, final Path users) throws IOException {
        return ServerProcess.start(new ProcessBuilder(ServerProcess.command("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", base.toString(), "--users-file", users.toString(), "--first-user", "alice"))
                .redirectError(directory.resolve("stderr").toFile()), base);
    }

    @Test
    void readsSettingsFromItsFileAndTheEnvironmentAndPrefersOptions() throws Exception {
        final Path base = Files.createDirectories(directory.resolve("uploads/bob")).getParent();
        Files.writeString(directory.resolve("accounts"),
                "bob.password = " + PasswordHash.of(ServerProcess.BOBS_PASSWORD).text() + "\n");
        Files.writeString(directory.resolve("dropzone.properties"), "users-file = " + directory.resolve("accounts")
                + "\nupload-base-dir = " + base + "\nmax-file-size = 10\noverwrite = false\n");
        final ProcessBuilder builder = new ProcessBuilder(ServerProcess.command("--port", "0", "--listen", "127.0.0.1",
                "--config", directory.resolve("dropzone.properties").toString(), "--max-file-size", "30"))
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().put("DROPZONE_MAX_FILE_SIZE", "20");
        builder.environment().put("DROPZONE_OVERWRITE", "true");
        final ServerProcess server = ServerProcess.start(builder, base);
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send(put("a.txt", 30) + "a".repeat(30)).readFinal().status()).isEqualTo(200);
            assertThat(connection.send(put("a.txt", 1) + "b").readFinal().status()).isEqualTo(200);
            assertThat(connection.send(put("b.txt", 31) + "b".repeat(31)).readFinal().status()).isEqualTo(413);
        } finally {
            server.stop();
        }
        assertThat(base.resolve("bob/a.txt")).hasContent("b");
    }

    @Test
    void followsTheUsersFileWithoutARestart() throws Exception {
        final ServerProcess server = ServerProcess.start(directory, "--trusted-proxies", "127.0.0.0/8");
        try {
            Files.createDirectories(server.directoryOf("dave"));
            final String dave = "dave.password = " + PasswordHash.of(ServerProcess.BOBS_PASSWORD).text() + "\n";
            Files.writeString(server.usersFile(), dave);
            awaitStatus(server, 200);
            Files.writeString(server.usersFile(), dave + "dave.enabled = false\n");
            awaitStatus(server, 403);
            // Without a file that can be read the last good one stays in force
            Files.writeString(server.usersFile(), dave);
            awaitStatus(server, 200);
            Files.delete(server.usersFile());
            final Instant later = Instant.now().plusSeconds(3);
            while (Instant.now().isBefore(later)) {
                assertThat(uploadAsDave(server, "192.0.2.1")).isEqualTo(200);
            }
        } finally {
            server.stop();
        }
    }

    private static void awaitStatus(final ServerProcess server, final int status) throws IOException {
        final Instant deadline = Instant.now().plusSeconds(10);
        int last = 0;
        // From a new address each time: failures of one would close it
        for (int i = 0; last != status && Instant.now().isBefore(deadline); i++) {
            last = uploadAsDave(server, "10." + status + "." + i / 200 + "." + i % 200);
        }
        assertThat(last).isEqualTo(status);
    }

    private static int uploadAsDave(final ServerProcess server, final String from) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send("POST /upload HTTP/1.1\r\nHost: x\r\nUsername: dave\r\nPassword: "
                    + ServerProcess.BOBS_PASSWORD + "\r\nX-Forwarded-For: " + from + "\r\nContent-Length: 1\r\n\r\nx")
                    .readFinal().status();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --colour red                                                | 2 | colour
            extra                                                       | 2 | extra
            --upload-base-dir BASE --users-file USERS --port 70000      | 2 | 70000
            --upload-base-dir BASE --users-file USERS --listen 999.1.1.1 | 2 | 999.1.1.1
            --upload-base-dir BASE --users-file USERS --listen 192.0.2.1 | 1 | Cannot listen on 192.0.2.1, port 8888: this machine has no such address
            --upload-base-dir BASE --users-file USERS --listen 2001:db8::1 --port 8889 | 1 | 2001:db8::1, port 8889
            --upload-base-dir BASE --users-file GONE --listen 192.0.2.1 --first-user alice | 1 | 192.0.2.1
            --upload-base-dir BASE --users-file USERS --fsync perhaps   | 2 | perhaps
            --users-file USERS                                          | 2 | upload-base-dir
            --upload-base-dir BASE --users-file USERS --shutdown-grace x | 2 | shutdown-grace
            --upload-base-dir GONE --users-file USERS                   | 1 | there is no directory
            --upload-base-dir BASE --users-file USERS --anonymous-dir x | 1 | anonymous-dir
            --upload-base-dir BASE --users-file GONE                    | 1 | there is no users file
            --upload-base-dir BASE --users-file GARBAGE                 | 1 | cannot be read
            --upload-base-dir BASE --users-file USERS --config GONE     | 1 | cannot be read
            --upload-base-dir BASE --users-file USERS --listen 127.0.0.1 --port TAKEN | 1 | TAKEN
            --upload-base-dir BASE --users-file USERS --port 0 --pidfile GONE/pid | 1 | GONE
            """)
    void saysInAClearLineWhyItDoesNotStart(final String options, final int status, final String said) throws Exception {
        Files.createDirectory(directory.resolve("base"));
        Files.createFile(directory.resolve("users"));
        Files.write(directory.resolve("garbage"), new byte[] {(byte) 0xFF, (byte) 0xFE, 'x'});
        try (ServerSocket taken = new ServerSocket(0)) {
            final String real = options.replace("BASE", directory.resolve("base").toString())
                    .replace("USERS", directory.resolve("users").toString())
                    .replace("GARBAGE", directory.resolve("garbage").toString())
                    .replace("GONE", directory.resolve("gone").toString())
                    .replace("TAKEN", String.valueOf(taken.getLocalPort()));
            final Process process = new ProcessBuilder(ServerProcess.command(real.split(" ")))
                    .redirectError(directory.resolve("stderr").toFile()).start();

            assertThat(process.waitFor()).isEqualTo(status);
            final List<String> lines = Files.readAllLines(directory.resolve("stderr"));
            assertThat(lines).hasSize(status == 2 ? 2 : 1).allMatch(line -> !line.contains("Exception"));
            assertThat(lines.get(0)).contains(said.replace("TAKEN", String.valueOf(taken.getLocalPort()))
                    .replace("GONE", directory.resolve("gone").toString()));
            assertThat(process.inputReader().lines()).isEmpty();
        }
    }

    @Test
    void saysAllThatIsWrongAtOnce() throws Exception {
        final ProcessBuilder builder = new ProcessBuilder(ServerProcess.command("--upload-base-dir",
                directory.resolve("gone").toString(), "--max-file-size", "lots", "--users-file", "nowhere"))
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().put("DROPZONE_STALE_AFTER", "soon");

        assertThat(builder.start().waitFor()).isEqualTo(2);
        assertThat(Files.readString(directory.resolve("stderr"))).contains("option --upload-base-dir: there is no directory",
                "option --max-file-size: 'lots'", "environment variable DROPZONE_STALE_AFTER: 'soon'", "nowhere");
    }

    private static String put(final String name, final int length) {
        return "PUT /upload/" + name + " HTTP/1.1\r\nHost: x\r\n" + BOB + "Content-Length: " + length + "\r\n\r\n";
    }

    private static void awaitStaging(final Path box, final int uploads) throws IOException {
        final Instant deadline = Instant.now().plusSeconds(20);
        while (names(box).stream().filter(name -> name.endsWith(".~tmp")).count() < uploads) {
            assertThat(Instant.now()).isBefore(deadline);
        }
    }

    private static void awaitRefusal(final ServerProcess server) throws IOException {
        int status = 405;
        final Instant deadline = Instant.now().plusSeconds(20);
        while (status == 405) {
            assertThat(Instant.now()).isBefore(deadline);
            try (RawConnection connection = server.connect()) {
                status = statusOrNone(connection.send("GET /upload HTTP/1.1\r\nHost: x\r\n\r\n"));
            } catch (final SocketException refused) {
                status = 0;
            }
        }
        assertThat(status).isIn(0, 503);
    }

    /** On a connection that was kept open. */
    private static void awaitRefusal(final RawConnection kept) throws IOException {
        int status = 200;
        final Instant deadline = Instant.now().plusSeconds(20);
        while (status == 200) {
            assertThat(Instant.now()).isBefore(deadline);
            status = statusOrNone(kept.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        }
        assertThat(status).isIn(0, 503);
    }

    /** The status of the next answer, 0 if the connection ends without one. */
    private static int statusOrNone(final RawConnection connection) throws IOException {
        try {
            return connection.readFinal().status();
        } catch (final EOFException | SocketException none) {
            return 0;
        }
    }

    private static List<String> names(final Path box) throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
