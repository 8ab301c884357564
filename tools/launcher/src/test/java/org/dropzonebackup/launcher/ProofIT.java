package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receipts that prove what they say, and what is told to who has them. */
class ProofIT {

    private static final String BOB = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";
    private static final String JSON = "Accept: application/json\r\n";
    private static final String JOSE = "Accept: application/jose\r\n";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "--server-name", "box.example", "--anonymous-dir", "anonymous",
                "--anonymous-challenge", "off", "--existing", "replace");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    private static Answer request(final String line, final String headers, final String body) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(line + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body).readFinal();
        }
    }

    private static Answer put(final String path, final String headers, final String content) throws IOException {
        final Answer answer = request("PUT /upload/" + path, headers, content);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static String receipt(final String path, final String content) throws IOException {
        return new JSONObject(put(path, BOB + JSON, content).body()).getJSONArray("files").getJSONObject(0).getString("receipt");
    }

    private static JSONObject claims(final String receipt) {
        return new JSONObject(new String(Base64.getUrlDecoder().decode(receipt.split("\\.")[1]), StandardCharsets.UTF_8));
    }

    private static JSONArray states(final String body) throws IOException {
        final Answer answer = request("POST /verify", BOB, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new JSONObject(answer.body()).getJSONArray("files");
    }

    private static String state(final String receipt) throws IOException {
        return states(new JSONObject().put("receipts", new JSONArray().put(receipt)).toString()).getJSONObject(0).getString("state");
    }

    /** Another implementation: python3-jwcrypto, with the published key. */
    @Test
    void isVerifiedByOthersWithThePublishedKey() throws Exception {
        Prerequisite.programs("python3");
        Prerequisite.that(new ProcessBuilder("/usr/bin/python3", "-c", "import jwcrypto").start().waitFor() == 0,
                Prerequisite.INSTALL + "python3-jwcrypto", "");
        final Answer keys = request("GET /.well-known/jwks.json", "", "");
        assertThat(keys.status()).isEqualTo(200);
        assertThat(keys.headers().get("content-type")).contains("application/jwk-set+json");
        assertThat(keys.body()).doesNotContain("\"d\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                directory.resolve("uploads/.dropzone/signing-key.jwks")))).isEqualTo("rw-------");
        Files.writeString(directory.resolve("keys"), keys.body());
        Files.writeString(directory.resolve("receipt"), put("a/%C3%A4.txt", BOB + JOSE, "content").body().strip());

        final Process python = new ProcessBuilder("/usr/bin/python3", "-c", "from jwcrypto import jwk, jws; t = jws.JWS();"
                + " t.deserialize(open('receipt').read()); keys = jwk.JWKSet.from_json(open('keys').read());"
                + " t.verify(keys.get_key(t.jose_header['kid'])); print(t.payload.decode())")
                .directory(directory.toFile()).redirectErrorStream(true).start();
        final String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).as(said).isZero();

        final JSONObject claims = new JSONObject(said);
        assertThat(claims.toMap()).containsEntry("iss", "box.example").containsEntry("sub", "bob")
                .containsEntry("path", "a/ä.txt").containsEntry("size", 7)
                .containsEntry("sha256", "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73")
                .containsKeys("storedAt", "chain", "seq", "head");
        try (Stream<String> lines = Files.lines(directory.resolve("uploads/.dropzone/journal/" + claims.getInt("chain")
                + "/00000000000000000001.jsonl"))) {
            final String line = lines.skip(claims.getLong("seq") - 1).findFirst().orElseThrow();
            assertThat(new JSONObject(line).getString("path")).isEqualTo("a/ä.txt");
        }
    }

    @Test
    void isGivenForEachFileInTheFormThatIsAskedFor() throws IOException {
        final String form = Stream.of("one", "two").map(name -> "--b\r\nContent-Disposition: form-data; name=file; filename=f-" + name
                + "\r\n\r\nof " + name + "\r\n").reduce("", String::concat) + "--b--\r\n";
        final String type = "Content-Type: multipart/form-data; boundary=b\r\n";
        final Answer signed = request("POST /upload", BOB + JOSE + type, form);
        assertThat(signed.headers().get("content-type")).contains("application/jose");
        assertThat(signed.body().lines().map(line -> claims(line).getString("path"))).containsExactly("f-one", "f-two");
        assertThat(put("plain", BOB, "x").body()).isEqualTo("OK");
        assertThat(claims(put("n", JOSE, "x").body()).toMap()).doesNotContainKey("sub");
    }

    @Test
    void tellsWhatBecameOfTheFile() throws Exception {
        final String stored = receipt("v/stored", "1");
        final String missing = receipt("v/missing", "22");
        final String damaged = receipt("v/damaged", "333");
        final String replaced = receipt("v/replaced", "4444");
        receipt("v/replaced", "of another");
        Files.delete(server.directoryOf("bob").resolve("v/missing"));
        Files.writeString(server.directoryOf("bob").resolve("v/damaged"), "longer than it was");
        final String anonymous = put("v/anonymous", JOSE, "x").body().strip();
        final JSONArray told = states(new JSONObject().put("receipts", new JSONArray().put(stored).put(missing).put(damaged)
                .put(replaced).put(anonymous).put(stored.substring(1)).put("")).toString());
        assertThat(told).extracting(each -> ((JSONObject) each).getString("state"))
                .containsExactly("stored", "missing", "damaged", "unknown", "unknown", "unknown", "unknown");
        assertThat(told.getJSONObject(0).getString("path")).isEqualTo("v/stored");
        assertThat(Instant.parse(told.getJSONObject(0).getString("lastRead")))
                .isAfterOrEqualTo(Instant.parse(claims(stored).getString("storedAt")));
        assertThat(told.getJSONObject(1).has("lastRead")).isFalse();
        assertThat(told).extracting(each -> ((JSONObject) each).opt("journaled")).containsExactly(true, true, true, true, null, null, null);
    }

    @Test
    void tellsThoseNothingWhoDoNotKnowTheContent() throws IOException {
        final JSONObject claims = claims(receipt("known", "content"));
        final JSONArray told = states("{\"files\": [" + claims + ", {\"path\": \"known\", \"size\": 7, \"sha256\": \"" + "0".repeat(64)
                + "\"}, {\"path\": \"known\", \"size\": 8, \"sha256\": \"" + claims.getString("sha256")
                + "\"}, {\"path\": \"../bob/known\", \"size\": 7, \"sha256\": \"" + claims.getString("sha256") + "\"}]}");
        assertThat(told).extracting(each -> ((JSONObject) each).getString("state"))
                .containsExactly("stored", "unknown", "unknown", "unknown");
        assertThat(state(receipt("known", "content"))).isEqualTo("stored");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /verify | bob | 400 | []
            POST /verify | bob | 400 | {}
            POST /verify | bob | 400 | {"receipts": [1]}
            POST /verify | bob | 400 | {"receipts": [], "files": []}
            POST /verify | bob | 400 | {"files": [{"path": "a"}]}
            POST /verify | bob | 400 | not JSON
            POST /verify | bob | 200 | {"files": []}
            GET /verify  | bob | 405 | ''
            POST /verify |     | 403 | {"receipts": []}
            POST /.well-known/jwks.json | | 405 | ''
            """)
    void refusesWhatItIsNotFor(final String line, final String user, final int status, final String body) throws IOException {
        assertThat(request(line, user == null ? "" : BOB, body).status()).isEqualTo(status);
    }

    @Test
    void doesNotWaitForMoreThanFourSlowClients() throws IOException {
        final String body = "{\"files\": []}";
        final String head = "POST /verify HTTP/1.1\r\nHost: x\r\n" + BOB + "Content-Length: " + body.length() + "\r\n";
        final List<RawConnection> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                slow.add(server.connect());
                assertThat(slow.get(i).send(head + "Expect: 100-continue\r\n\r\n").read().status()).as("it is being read").isEqualTo(100);
            }
            final Answer refused = request("POST /verify", BOB, body);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "5");
            for (final RawConnection each : slow) {
                assertThat(each.send(body).readFinal().status()).isEqualTo(200);
            }
        } finally {
            for (final RawConnection each : slow) {
                each.close();
            }
        }
    }

    @Test
    void saysThatThereIsNoneWhereTheKeyCannotBeUsed(@TempDir final Path other) throws Exception {
        Files.writeString(other.resolve("key.jwks"), "{}");
        final ServerProcess unable = ServerProcess.start(other, "--signing-key", other.resolve("key.jwks").toString());
        try (RawConnection connection = unable.connect()) {
            final Answer keys = connection.send("GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n").readFinal();
            assertThat(keys.status()).isEqualTo(503);
            assertThat(keys.headers().getOrDefault("cache-control", "")).doesNotContain("public");
            final Answer stored = connection.send("PUT /upload/a HTTP/1.1\r\nHost: x\r\n" + BOB + JOSE
                    + "Content-Length: 1\r\n\r\na").readFinal();
            assertThat(stored.headers().get("content-type")).startsWith("text/plain");
            assertThat(stored.body()).isEqualTo("OK\nThere is no receipt: the server cannot sign, and its log says why.\n");
        } finally {
            unable.stop();
        }
    }

    @Test
    void refusesMoreReceiptsThanItTakes() throws IOException {
        final JSONArray receipts = new JSONArray();
        for (int i = 0; i <= 1000; i++) {
            receipts.put("x");
        }
        assertThat(request("POST /verify", BOB, new JSONObject().put("receipts", receipts).toString()).status()).isEqualTo(400);
        receipts.remove(0);
        assertThat(states(new JSONObject().put("receipts", receipts).toString())).hasSize(1000);
    }
}
