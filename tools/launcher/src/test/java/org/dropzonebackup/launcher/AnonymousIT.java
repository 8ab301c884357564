package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.altcha.altcha.Altcha;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads without credentials, whose senders have to compute something first. */
class AnonymousIT {

    private static final String DIGEST_OF_X = "Repr-Digest: sha-256=:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=:\r\n";
    private static final String JSON = "Accept: application/json\r\n";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = start(directory, "--anonymous-max-file-size", "1000", "--anonymous-quota", "5000",
                "--anonymous-uploads-per-hour", "5", "--trusted-proxies", "127.0.0.1");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @BeforeEach
    void emptyTheBox() throws IOException {
        for (final String name : names()) {
            Files.delete(box().resolve(name));
        }
    }

    @Test
    void givesChallengesThatNobodyCaches() throws IOException {
        final Answer answer = ask(server, "GET /challenge", "", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store")
                .hasEntrySatisfying("content-type", type -> assertThat(type).startsWith("application/json"));
        assertThat(new JSONObject(answer.body()).keySet())
                .containsExactlyInAnyOrder("algorithm", "challenge", "maxnumber", "salt", "signature");
        assertThat(ask(server, "GET /challenge", "", "").body()).isNotEqualTo(answer.body());
        assertThat(ask(server, "POST /challenge", "", "").status()).isEqualTo(405);
    }

    @Test
    void takesASolutionForOneRequest() throws IOException {
        final String solution = solution(server);
        assertThat(put("a.txt", from(1) + solution, "x").status()).isEqualTo(200);

        final Answer again = put("b.txt", from(1) + solution, "x");

        assertThat(again.status()).isEqualTo(403);
        assertThat(again.body()).contains("used already");
        assertThat(names()).containsExactly("a.txt");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NOTHING | 10   | 401 | the header Altcha
            eyJ9    | 10   | 403 | not the base64 of a JSON object
            FORGED  | 10   | 403 | solves no challenge of this server
            SOLVED  | 1001 | 413 | limit 1000 B
            SOLVED  | 600  | 507 | not enough free space
            """)
    void neverLetsAClientThatWaitsStart(final String header, final int length, final int status, final String sentence)
            throws IOException {
        Files.write(box().resolve("there"), new byte[4500]);
        try (RawConnection connection = server.connect()) {
            final String altcha = switch (header) {
                case "NOTHING" -> "X: y\r\n";
                case "SOLVED" -> solution(server);
                case "FORGED" -> "Altcha: " + encoded(solved(server).put("signature", "0".repeat(64))) + "\r\n";
                default -> "Altcha: " + header + "\r\n";
            };
            connection.send("PUT /upload/a.txt HTTP/1.1\r\nHost: x\r\n" + from(2) + altcha + "Content-Length: " + length
                    + "\r\nExpect: 100-continue\r\n\r\n");

            final Answer answer = connection.read();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).contains(sentence);
        }
    }

    @Test
    void asksNobodyForAChallengeWhoHasAPassword() throws IOException {
        assertThat(put("a.txt", "Username: bob\r\nPassword: secret-pa55\r\n", "x").status()).isEqualTo(200);
    }

    @Test
    void givesAnotherNameRatherThanTellThatOneIsTaken() throws IOException {
        Files.writeString(box().resolve("report.pdf"), "x");

        final Answer answer = put("report.pdf", from(3) + JSON + DIGEST_OF_X + solution(server), "x");

        final JSONObject receipt = new JSONObject(answer.body()).getJSONArray("files").getJSONObject(0);
        assertThat(receipt.getString("name")).matches("report\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.pdf");
        assertThat(names()).containsExactlyInAnyOrder("report.pdf", receipt.getString("name"));
    }

    @Test
    void takesSoManyFilesAnHourFromAnAddress() throws IOException {
        assertThat(form(4, "a", "b", "c", "d").status()).isEqualTo(200);
        final Answer tooMany = form(4, "e", "f");
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.body()).contains("limit 5 files an hour");

        final Answer early = put("g", from(4) + "Expect: 100-continue\r\n" + solution(server), "");

        assertThat(early.status()).isEqualTo(429);
        assertThat(Integer.parseInt(early.headers().get("retry-after"))).isBetween(600, 720);
        assertThat(names()).hasSize(4);
        assertThat(put("g", from(5) + solution(server), "x").status()).isEqualTo(200);
    }

    @Test
    void asksForOneSolutionForAnUploadInPieces() throws IOException {
        Files.writeString(box().resolve("a.txt"), "x");
        final String begin = from(7) + "Tus-Resumable: 1.0.0\r\nUpload-Length: 1\r\nUpload-Metadata: filename YS50eHQ=\r\n";
        assertThat(ask(server, "POST /files", begin, "").status()).isEqualTo(401);
        final Answer begun = ask(server, "POST /files", begin + solution(server), "");
        assertThat(begun.status()).isEqualTo(201);

        final String path = begun.headers().get("location").replaceFirst(".*files/", "/files/");
        final Answer ended = ask(server, "PATCH " + path, from(7)
                + "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n", "x");

        assertThat(ended.status()).isEqualTo(204);
        assertThat(names().stream().filter(name -> !name.startsWith("."))).hasSize(2)
                .anyMatch(name -> name.matches("a\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.txt"));
    }

    @Test
    void isShownBySolvingWithTheClientTool() throws Exception {
        Prerequisite.programs("python3");
        final Process tool = new ProcessBuilder("python3", Path.of("..", "client", "altcha.py").toString(),
                "http://127.0.0.1:" + server.port()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final String header = tool.inputReader().readLine();
        assertThat(tool.waitFor()).isZero();

        assertThat(put("a.txt", from(6) + "Altcha: " + header + "\r\n", "x").status()).isEqualTo(200);
    }

    @Test
    void knowsNoChallengesWhereNothingIsAnonymous(@TempDir final Path other) throws Exception {
        final ServerProcess closed = ServerProcess.start(other);
        try {
            assertThat(ask(closed, "GET /challenge", "", "").status()).isEqualTo(404);
        } finally {
            closed.stop();
        }
    }

    @Test
    void warnsWhereNothingIsAsked(@TempDir final Path other) throws Exception {
        final ServerProcess open = start(other, "--anonymous-challenge", "off");
        try {
            assertThat(open.log()).contains("anonymous-challenge is off");
            assertThat(ask(open, "PUT /upload/a.txt", "", "x").status()).isEqualTo(200);
            assertThat(ask(open, "GET /challenge", "", "").status()).isEqualTo(404);
        } finally {
            open.stop();
        }
    }

    @Test
    void takesASolutionOnceOnAllServersThatShareAKey(@TempDir final Path other) throws Exception {
        final String[] shared = {"--challenge-key", "a key for both of them, long enough"};
        final ServerProcess one = start(other, shared);
        final ServerProcess two = start(other, shared);
        try {
            final String solution = solution(one);
            assertThat(ask(two, "PUT /upload/a.txt", solution, "x").status()).isEqualTo(200);
            assertThat(ask(one, "PUT /upload/a.txt", solution, "x").status()).isEqualTo(403);
        } finally {
            one.stop();
            two.stop();
        }
    }

    private static ServerProcess start(final Path directory, final String... options) throws IOException {
        return ServerProcess.start(directory, Stream.concat(Stream.of("--anonymous-dir", "anonymous",
                "--challenge-difficulty", "2000"), Stream.of(options)).toArray(String[]::new));
    }

    private static Answer put(final String name, final String headers, final String body) throws IOException {
        return ask(server, "PUT /upload/" + name, headers, body);
    }

    private static Answer form(final int host, final String... names) throws IOException {
        final String parts = String.join("", Stream.of(names).map(name ->
                "--b\r\nContent-Disposition: form-data; name=f; filename=" + name + "\r\n\r\n\r\n").toList());
        return ask(server, "POST /upload", from(host) + "Content-Type: multipart/form-data; boundary=b\r\n"
                + solution(server), parts + "--b--");
    }

    private static Answer ask(final ServerProcess server, final String line, final String headers, final String body)
            throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(line + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: " + body.length()
                    + "\r\n\r\n" + body).readFinal();
        }
    }

    private static String from(final int host) {
        return "X-Forwarded-For: 192.0.2." + host + "\r\n";
    }

    private static String solution(final ServerProcess server) throws IOException {
        return "Altcha: " + encoded(solved(server)) + "\r\n";
    }

    private static String encoded(final JSONObject solution) {
        return Base64.getEncoder().encodeToString(solution.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static JSONObject solved(final ServerProcess server) throws IOException {
        final JSONObject given = new JSONObject(ask(server, "GET /challenge", "", "").body());
        try {
            return given.put("number", Altcha.solveChallenge(given.getString("challenge"), given.getString("salt"),
                    Altcha.Algorithm.SHA256, given.getLong("maxnumber"), 0).number);
        } catch (final Exception e) {
            throw new AssertionError("no solution of " + given, e);
        }
    }

    private static Path box() {
        return server.directoryOf("anonymous");
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
