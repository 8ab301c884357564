package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every upload leaves a line in the audit log, however it ends, and no password is in any log. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditIT {

    private static final String WRONG = "wr0ng/pass wörd";
    private static final String BOB = "Username: bob;Password: " + ServerProcess.BOBS_PASSWORD + ";";
    private static final String FORM = "Content-Type: multipart/form-data, boundary=b;";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "-d", "--audit-log", directory.resolve("audit.log").toString(),
                "--max-file-size", "1000", "--refusal-drain", "1 s", "--idle-timeout", "1 s");
        Files.writeString(server.directoryOf("bob").resolve("there.txt"), "x");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource(delimiter = '|', textBlock = """
            PUT /upload/a.txt     | X-Nothing: 1;                               | x | 401 |       | a.txt     | 0
            PUT /upload/a.txt     | Username: bob;Password: WRONG;              | x | 403 | bob   | a.txt     | 0
            PUT /upload/a.txt     | Authorization: Basic BASIC;                 | x | 401 | alice | a.txt     | 0
            GET /upload           | BOB                                         |   | 405 | bob   |           | 0
            PATCH /upload/a.txt   | BOB                                         | x | 405 | bob   | a.txt     | 0
            PUT /upload/a%2Fb     | BOB                                         | x | 200 | bob   | a/b       | 1
            PUT /upload/a/c;v=1   | BOB                                         | x | 200 | bob   | a/c       | 1
            PUT /upload/a%2F/b    | BOB                                         | x | 400 | bob   | a//b      | 0
            PUT /upload/a%1B%0Ab  | BOB                                         | x | 400 | bob   | a\\033\\nb | 0
            PUT /upload/there.txt | BOB                                         | x | 409 | bob   | there.txt | 0
            PUT /upload/a.txt     | BOB Content-Encoding: gzip;                 | x | 415 | bob   | a.txt     | 0
            PUT /upload/a.txt     | BOB Repr-Digest: sha-256=:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=:; | y | 422 | bob | a.txt | 1
            PUT /upload/a.txt     | Username: carol;Password: RIGHT;Content-Length: 101; | | 507 | carol | a.txt | 0
            PUT /upload/a.txt     | BOB Content-Length: 1001;                   |   | 413 | bob   | a.txt     | 0
            PUT /upload/a.txt     | BOB Content-Length: 2;                      | x | 408 | bob   | a.txt     | 1
            PUT /upload/new.txt   | BOB                                         | x | 200 | bob   | new.txt   | 1
            """)
    void aLineSaysWhatBecameOfAnUpload(final String line, final String headers, final String body, final int status,
            final String user, final String name, final long size) throws IOException {
        final int before = lines().size();

        assertThat(send(line, headers, body == null ? "" : body)).isEqualTo(status);

        assertThat(lines().subList(before, lines().size())).singleElement().satisfies(told -> {
            assertThat(told.getInt("status")).isEqualTo(status);
            assertThat(told.getString("outcome")).isEqualTo(status == 200 ? "stored" : "refused");
            assertThat(told.optString("user", null)).isEqualTo(user);
            assertThat(told.optString("name", null)).isEqualTo(name == null ? null : name.translateEscapes());
            assertThat(told.getLong("size")).isEqualTo(size);
            assertThat(told.getString("address")).isEqualTo("127.0.0.1");
            assertThat(told.getString("request")).matches("[0-9a-f]{32}");
            assertThat(told.isNull("detail")).isEqualTo(status == 200);
            assertThat(told.isNull("sha256")).isEqualTo(status != 200);
        });
    }

    @ParameterizedTest
    @Order(2)
    @CsvSource({"/upload, RIGHT, 200, f1", "/upload.xhtml, RIGHT, 200, f2", "/upload, RIGHT, 409, f1",
            "/upload.xhtml, RIGHT, 409, f2", "/upload.xhtml, WRONG, 403, f3"})
    void aFormHasALineForEachFile(final String path, final String password, final int status, final String name)
            throws IOException {
        final int before = lines().size();
        final boolean page = path.endsWith("xhtml");

        assertThat(send("POST " + path, (page ? "" : BOB) + FORM, part("name=username", "bob")
                + part("name=password", password) + part("name=f; filename=" + name + "\r\nX: y", "one")
                + part("name=f; filename=" + name + "-second", "two") + "--b--\r\n")).isEqualTo(status);

        final List<JSONObject> told = lines().subList(before, lines().size());
        assertThat(told).allSatisfy(line -> {
            assertThat(line.getInt("status")).isEqualTo(status);
            assertThat(line.getString("user")).isEqualTo("bob");
        });
        assertThat(told.stream().map(line -> line.optString("name", null))).containsExactly(
                status == 200 ? new String[] {name, name + "-second"} : new String[] {status == 409 ? name : null});
    }

    @Test
    @Order(3)
    void aClientThatGoesAwayLeavesALine() throws IOException {
        final int before = lines().size();
        try (RawConnection connection = server.connect()) {
            connection.send(request("PUT /upload/gone.txt", BOB + "Content-Length: 2;", "x")).endOutput();
        }
        final Instant deadline = Instant.now().plusSeconds(20);
        while (lines().size() == before) {
            assertThat(Instant.now()).isBefore(deadline);
        }
        assertThat(lines().get(before).getString("name")).isEqualTo("gone.txt");
        assertThat(lines().get(before).getString("outcome")).isEqualTo("gone");
    }

    @Test
    @Order(4)
    void guessesLeaveALineEach() throws IOException {
        final int before = lines().size();
        int guesses = 0;
        int status = 0;
        while (status != 429 && guesses < 100) {
            status = send("PUT /upload/a.txt", "Username: mallory;Password: WRONG;", "x");
            guesses++;
        }
        assertThat(lines()).hasSize(before + guesses);
        assertThat(lines().get(before + guesses - 1).getInt("status")).isEqualTo(429);
    }

    @Test
    @Order(5)
    void noPasswordIsInAnyLog() throws Exception {
        assertThat(server.stop()).isZero();
        final String logs = server.output() + server.log() + Files.readString(directory.resolve("audit.log"));

        assertThat(logs).contains("accepts uploads at", "a client went away", "\"gone\"");
        assertThat(logs).doesNotContain(Stream.of(WRONG, ServerProcess.BOBS_PASSWORD)
                .flatMap(secret -> Stream.of(secret, encoded(secret), encoded("bob:" + secret), encoded("alice:" + secret),
                        URLEncoder.encode(secret, StandardCharsets.UTF_8),
                        URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"),
                        new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                .toArray(String[]::new));
    }

    @Test
    @Order(6)
    void theJournalSaysTheSameOfWhatIsStored() throws IOException {
        final List<String> stored = lines().stream().filter(line -> line.getString("outcome").equals("stored"))
                .map(line -> told(line, "name")).toList();
        final Path journal = server.directoryOf("bob").resolveSibling(".dropzone").resolve("journal/1/00000000000000000001.jsonl");
        assertThat(Files.readAllLines(journal).stream().map(JSONObject::new).map(entry -> told(entry, "path")))
                .containsExactlyElementsOf(stored).hasSizeGreaterThan(5);
    }

    private static String told(final JSONObject line, final String name) {
        return String.join(" ", line.getString("user"), line.getString("address"), line.getString(name),
                String.valueOf(line.getLong("size")), line.getString("sha256"));
    }

    private static String encoded(final String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<JSONObject> lines() throws IOException {
        final Path log = directory.resolve("audit.log");
        return Files.exists(log) ? Files.readAllLines(log).stream().map(JSONObject::new).toList() : List.of();
    }

    private static int send(final String line, final String headers, final String body) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(request(line, headers, body)).readFinal().status();
        }
    }

    private static String request(final String line, final String headers, final String body) {
        final String sent = body.replace("WRONG", WRONG).replace("RIGHT", ServerProcess.BOBS_PASSWORD);
        final String length = headers.contains("Content-Length") ? ""
                : "Content-Length: " + sent.getBytes(StandardCharsets.UTF_8).length + "\r\n";
        return line + " HTTP/1.1\r\nHost: x\r\n" + headers.replace("BOB ", BOB).replace("BOB", BOB)
                .replace("WRONG", WRONG).replace("RIGHT", ServerProcess.BOBS_PASSWORD)
                .replace("BASIC", encoded("alice:" + WRONG)).replace(";", "\r\n").replace(", boundary", "; boundary")
                + length + "\r\n" + sent;
    }

    private static String part(final String disposition, final String content) {
        return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
    }
}
