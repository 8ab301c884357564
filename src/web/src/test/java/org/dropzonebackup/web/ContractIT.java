package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.DIRECTORY;
import static org.dropzonebackup.web.Contract.PASSWORD;
import static org.dropzonebackup.web.Contract.digest;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What the drop box promises over HTTP, asked of the finished WAR in a real container. */
@RunAsClient
@OnEveryContainer
class ContractIT extends ContractPart {

    private static final String CREDENTIALS = headers("alice", PASSWORD);
    private static final int MANY = 8 * 1024 * 1024;
    /** More than any container has threads, as it comes. */
    private static final int SLOW = 250;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void storesARawUpload() throws Exception {
        final HttpResponse<String> answer = put("upload/a.txt", "content");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    @Test
    void givesAReceiptToWhoAsksForJson() throws Exception {
        final HttpResponse<String> answer = send(request("upload/a.txt").header("Accept", "application/json")
                .PUT(BodyPublishers.ofString("content")));

        final JSONObject receipt = new JSONObject(answer.body()).getJSONArray("files").getJSONObject(0);
        assertThat(receipt.getString("name")).isEqualTo("a.txt");
        assertThat(receipt.getLong("size")).isEqualTo(7);
        assertThat(receipt.getString("sha256")).isEqualTo(
                "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
    }

    @Test
    void saysInWhoseBoxAFileIs() throws Exception {
        final String digest = "sha-256=:" + digest("SHA-256", "content") + ":";
        for (int i = 0; i < 2; i++) {
            assertThat(userOf(send(HttpRequest.newBuilder(uri("upload/a.txt")).header("Username", "Alice").header("Password", PASSWORD)
                    .header("Repr-Digest", digest).header("Accept", "application/json").PUT(BodyPublishers.ofString("content")))))
                    .isEqualTo("alice");
        }
        assertThat(userOf(send(request("upload").header("Content-Type", "multipart/form-data; boundary=b")
                .header("Accept", "application/json").POST(BodyPublishers.ofString(form(file("b.txt", "x"))))))).isEqualTo("alice");
        final String solution = solution();
        assertThat(userOf(send(HttpRequest.newBuilder(uri("upload/c.txt")).header("Altcha", solution)
                .header("Accept", "application/json").PUT(BodyPublishers.ofString("x"))))).isEqualTo("nobody");
    }

    private static String userOf(final HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JSONObject(answer.body()).getJSONArray("files").getJSONObject(0).optString("user", "nobody");
    }

    @Test
    void storesAllFilesOfAFormOrNone() throws Exception {
        assertThat(post(form(file("a.txt", "first"), file("b.txt", "second"))).statusCode()).isEqualTo(200);
        assertThat(post(form(file("c.txt", "third"), file("b.txt", "again"))).statusCode()).isEqualTo(409);
        assertThat(post(form(file("d.txt", "x"), file("d.txt", "y"))).statusCode()).isEqualTo(409);

        assertThat(names()).containsExactlyInAnyOrder("a.txt", "b.txt");
    }

    @Test
    void refusesWhatIsMalformed() throws Exception {
        assertThat(post("no form").statusCode()).isEqualTo(400);
        assertThat(post(form(file("a.txt", "cut")).replace("--b--", "")).statusCode()).isEqualTo(400);
        assertThat(post(form("Content-Disposition: form-data; name=\"f\"\r\n\r\nvalue")).statusCode()).isEqualTo(400);
        assertThat(put("upload/a/", "x").statusCode()).isEqualTo(400);
        assertThat(put("upload/a.~tmp", "x").statusCode()).isEqualTo(400);
        assertThat(stored()).isEmpty();
    }

    @Test
    void challengesOnlyWhoCameWithoutOrByAuthorization() throws Exception {
        final HttpResponse<String> without = send(HttpRequest.newBuilder(uri("upload/a.txt")).PUT(BodyPublishers.ofString("x")));
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic realm=");

        assertThat(basic("alice:wrong", "192.0.2.1").statusCode()).isEqualTo(401);
        assertThat(basic("alice:" + PASSWORD, "192.0.2.1").statusCode()).isEqualTo(200);
        assertThat(login("alice", "wrong", "192.0.2.1").statusCode()).isEqualTo(403);
    }

    @Test
    void takesAnAnonymousUploadForASolvedChallenge() throws Exception {
        final HttpRequest.Builder upload = HttpRequest.newBuilder(uri("upload/a.txt")).PUT(BodyPublishers.ofString("x"))
                .header("Altcha", solution());

        assertThat(send(upload).statusCode()).isEqualTo(200);
        assertThat(send(upload).statusCode()).isEqualTo(403);
        assertThat(names()).containsExactly("a.txt");
    }

    private String solution() throws Exception {
        final JSONObject challenge = new JSONObject(send(HttpRequest.newBuilder(uri("challenge")).GET()).body());
        final String wanted = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(challenge.getString("challenge")));
        int number = 0;
        while (!Contract.digest("SHA-256", challenge.getString("salt") + number).equals(wanted)) {
            number++;
        }
        return Base64.getEncoder().encodeToString(
                challenge.put("number", number).toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysTheSameWhateverIsWrongWithTheCredentials() throws Exception {
        final HttpResponse<String> wrong = login("alice", "wrong", "192.0.2.2");
        for (final String user : List.of("nobody", "out", "reader")) {
            final HttpResponse<String> answer = login(user, PASSWORD, "192.0.2.2");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(wrong.body());
        }
        assertThat(login("alice", "", "192.0.2.2").statusCode()).isEqualTo(403);
    }

    @Test
    void closesAnAddressAfterTooManyFailuresAndNoOther() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(login("alice", "wrong" + i, "192.0.2.3:" + (4000 + i)).statusCode()).isEqualTo(403);
        }
        assertThat(login("alice", "wrong again", "192.0.2.3").statusCode()).isEqualTo(429);
        final HttpResponse<String> refused = login("alice", PASSWORD, "192.0.2.3");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow())).isBetween(1, 300);
        assertThat(login("alice", PASSWORD, "192.0.2.4").statusCode()).isEqualTo(200);
    }

    @Test
    void readsForwardedAddressesWithPorts() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(login("alice", "wrong" + i, "[2001:db8::1]:" + (4000 + i)).statusCode()).isEqualTo(403);
        }
        assertThat(login("alice", "wrong", "2001:db8::1").statusCode()).isEqualTo(429);
        assertThat(login("alice", PASSWORD, "[2001:db8:0:1::1]:4000").statusCode()).isEqualTo(200);
    }

    @Test
    void knowsNoOtherPathsAndMethods() throws Exception {
        for (final String path : List.of("nothing", "nothing.xhtml", "metrics")) {
            final HttpResponse<String> answer = send(request(path).GET());
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.headers().firstValue("Cache-Control")).as(path).contains("no-store");
            assertThat(send(request(path).POST(BodyPublishers.ofString("x"))).statusCode()).as(path).isEqualTo(404);
        }
        for (final String method : List.of("GET", "HEAD", "DELETE", "PATCH")) {
            final HttpResponse<String> answer = send(request("upload/a.txt").method(method, BodyPublishers.noBody()));
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS, POST, PUT");
        }
    }

    @Test
    void tellsAnybodyThatItTakesUploads() throws Exception {
        await().untilAsserted(() -> assertThat(send(request("health").GET()).statusCode()).isEqualTo(200));
        final HttpResponse<String> answer = send(request("health").GET());
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}\n");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        final HttpResponse<String> head = send(request("health").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length());
        assertThat(send(request("health").POST(BodyPublishers.ofString("x"))).headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void refusesTooLargeEncodedAndOverQuota() throws Exception {
        assertThat(put("upload/a.txt", "x".repeat(1001)).body()).contains("limit 1000 B", "got 1001 B");
        assertThat(put("upload/a.txt", "x".repeat(1001)).statusCode()).isEqualTo(413);
        assertThat(post(form(file("a.txt", "x".repeat(1001)))).statusCode()).isEqualTo(413);
        assertThat(send(request("upload/a.txt").header("Content-Encoding", "gzip").PUT(BodyPublishers.ofString("x")))
                .statusCode()).isEqualTo(415);
        assertThat(raw("PUT", "upload/a.txt", CREDENTIALS + "\r\nContent-Encoding: identity\r\nContent-Encoding: gzip", "x").status())
                .isEqualTo(415);
        assertThat(login("small", PASSWORD, "192.0.2.5", "12345678901").statusCode()).isEqualTo(507);
        assertThat(stored()).isEmpty();
    }

    @Test
    void saysThatTheServerIsSetUpWrongly() throws Exception {
        final HttpResponse<String> answer = login("lost", PASSWORD, "192.0.2.6");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("set up wrongly").doesNotContain(DIRECTORY.toString());
    }

    @Test
    void checksDigestsAndMakesRetryingSafe() throws Exception {
        final String digest = "sha-256=:" + digest("SHA-256", "content") + ":";
        assertThat(withDigest(digest, "damaged").statusCode()).isEqualTo(422);
        assertThat(withDigest("sha-256=nonsense", "content").statusCode()).isEqualTo(400);
        assertThat(withDigest("md5=:AAAA:", "content").statusCode()).isEqualTo(400);
        assertThat(stored()).isEmpty();

        final HttpResponse<String> first = withDigest("md5=:AAAA:, " + digest, "content");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(withDigest(digest, "content").body()).isEqualTo(first.body());
        assertThat(put("upload/a.txt", "content").statusCode()).isEqualTo(409);
    }

    @Test
    void takesPasswordsInEitherEncodingOfEitherHeader() throws Exception {
        final Charset utf8 = StandardCharsets.UTF_8;
        final Charset latin = StandardCharsets.ISO_8859_1;
        for (final String header : List.of(
                headers("euro", asBytes("pä55wörd€", utf8)), basic(asBytes("euro:pä55wörd€", utf8)),
                headers("latin", asBytes("pä55wörd", utf8)), basic(asBytes("latin:pä55wörd", utf8)),
                headers("latin", asBytes("pä55wörd", latin)), basic(asBytes("latin:pä55wörd", latin)))) {
            assertThat(raw("PUT", "upload/a.txt", header, "x").status()).as(header).isEqualTo(200);
            emptyTheBox();
        }
    }

    /** What is sent as these bytes, one character for each. */
    private static String asBytes(final String text, final Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    private static String headers(final String user, final String password) {
        return "Username: " + user + "\r\nPassword: " + password;
    }

    private static String basic(final String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void readsNamesInPathsAsUtf8AndWithoutParameters() throws Exception {
        assertThat(raw("PUT", "upload/d%C3%B6%20b.sql;version=1", CREDENTIALS, "x").status()).isEqualTo(200);

        assertThat(names()).containsExactly("dö b.sql");
    }

    @Test
    void readsChunksAndHttp10() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head("PUT", "upload/a.txt", CREDENTIALS + "\r\nTransfer-Encoding: chunked"));
            connection.send("5\r\nfirst\r\n7\r\n second\r\n0\r\n\r\n");
            assertThat(connection.readFinal().status()).isEqualTo(200);
            connection.send(head("PUT", "upload/b.txt", CREDENTIALS + "\r\nContent-Length: 5").replace("HTTP/1.1", "HTTP/1.0"));
            connection.send("third");
            assertThat(connection.readFinal().status()).isEqualTo(200);
        }
        assertThat(BOX.resolve("a.txt")).hasContent("first second");
        assertThat(BOX.resolve("b.txt")).hasContent("third");
    }

    @Test
    void refusesBeforeAClientThatWaitsSendsAnything() throws Exception {
        for (final String refused : List.of("upload/a/", "upload/a.~tmp", "upload")) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(head("PUT", refused, headers("alice", refused.equals("upload") ? "wrong" : PASSWORD)
                        + "\r\nContent-Length: 9\r\nExpect: 100-continue"));
                final RawConnection.Answer first = connection.read();
                if (ContainerLimit.CONTINUES_AT_ONCE.isHere()) {
                    assertThat(first.status()).isEqualTo(100);
                    assertThat(connection.read().status()).isIn(400, 403);
                } else {
                    assertThat(first.status()).isIn(400, 403);
                }
            }
        }
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head("PUT", "upload/a.txt", CREDENTIALS + "\r\nContent-Length: 7\r\nExpect: 100-continue"));
            assertThat(connection.read().status()).isEqualTo(100);
            connection.send("content");
            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void answersARefusedClientThatSendsEverythingBeforeItReads() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head("PUT", "upload/a.txt", CREDENTIALS + "\r\nContent-Length: " + MANY));
            connection.send("x".repeat(MANY));
            final RawConnection.Answer answer = connection.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).endsWith("\n");
        }
    }

    @Test
    void refusesPathsThatCanBeReadInTwoWays() throws Exception {
        for (final String path : List.of("upload/a%2F", "upload/a%00b", "upload/a%zzb")) {
            final RawConnection.Answer answer = raw("PUT", path, CREDENTIALS, "x");
            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.body()).doesNotContain(DIRECTORY.toString(), "Exception");
            assertThat(answer.headers().getOrDefault("x-content-type-options", "").isEmpty())
                    .as("%s is refused by the container", path).isEqualTo((path.endsWith("%2F")
                            ? ContainerLimit.REFUSES_SLASHES_ITSELF : ContainerLimit.REFUSES_PATHS_ITSELF).isHere());
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void keepsNothingOfAClientThatGoesAway() throws Exception {
        for (final String announced : List.of("Content-Length: 900", "Transfer-Encoding: chunked")) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(head("PUT", "upload/a.txt", CREDENTIALS + "\r\n" + announced) + "7\r\ncontent");
                await().until(() -> !stored().isEmpty());
                connection.endOutput();
                await().until(() -> stored().isEmpty());
                assertThat(connection.readFinalOrNone().map(RawConnection.Answer::status).orElse(0)).isNotEqualTo(200);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithABodyThatCannotBeReadToItsEnd() throws Exception {
        for (final String chunk : List.of("zz\r\n", "-5\r\nfirst\r\n", "5\r\nfirstXX\r\n")) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(head("PUT", "upload/a.txt", CREDENTIALS + "\r\nTransfer-Encoding: chunked") + chunk);
                final RawConnection.Answer answer = connection.readFinal();
                assertThat(answer.status()).as(chunk).isEqualTo(400);
                assertThat(answer.body()).as(chunk).contains("framing is malformed");
            }
        }
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head("PUT", "upload/a.txt", CREDENTIALS + "\r\nContent-Length: 50") + "abc");
            connection.endOutput();
            final RawConnection.Answer answer = connection.readFinal();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("50 bytes announced, got 3");
        }
        await().until(() -> stored().isEmpty());
    }

    @Test
    void letsNobodyWaitForHundredsOfSlowUploads() throws Exception {
        final List<RawConnection> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                slow.add(new RawConnection(root));
                slow.get(i).send(head("PUT", "upload/slow" + i, CREDENTIALS + "\r\nContent-Length: 9") + "begun");
            }
            await().until(() -> stored().size() == SLOW);
            assertThat(put("upload/quick.txt", "x").statusCode()).isEqualTo(200);
            for (final RawConnection connection : slow) {
                connection.send("done");
                assertThat(connection.readFinal().status()).isEqualTo(200);
            }
        } finally {
            for (final RawConnection connection : slow) {
                connection.close();
            }
        }
        assertThat(stored()).hasSize(SLOW + 1);
    }

    private RawConnection.Answer raw(final String method, final String path, final String headers, final String content)
            throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(method, path, headers + "\r\nContent-Length: " + content.length()) + content);
            return connection.readFinal();
        }
    }

    private String head(final String method, final String path, final String headers) {
        return method + " " + root.getPath() + path + " HTTP/1.1\r\nHost: " + root.getAuthority() + "\r\n" + headers + "\r\n\r\n";
    }

    private HttpResponse<String> withDigest(final String digest, final String content) throws Exception {
        return send(request("upload/a.txt").header("Repr-Digest", digest).header("Accept", "application/json")
                .PUT(BodyPublishers.ofString(content)));
    }

    private HttpResponse<String> put(final String path, final String content) throws Exception {
        return send(request(path).PUT(BodyPublishers.ofString(content)));
    }

    private HttpResponse<String> post(final String form) throws Exception {
        return send(request("upload").header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> login(final String user, final String password, final String from) throws Exception {
        return login(user, password, from, "x");
    }

    private HttpResponse<String> login(final String user, final String password, final String from,
            final String content) throws Exception {
        return send(HttpRequest.newBuilder(uri("upload")).header("Username", user).header("Password", password)
                .header("X-Forwarded-For", "198.51.100.7, " + from).POST(BodyPublishers.ofString(content)));
    }

    private HttpResponse<String> basic(final String pair, final String from) throws Exception {
        return send(HttpRequest.newBuilder(uri("upload")).header("Authorization", "Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .header("X-Forwarded-For", from).POST(BodyPublishers.ofString("x")));
    }

    private HttpRequest.Builder request(final String path) {
        return HttpRequest.newBuilder(uri(path)).header("Username", "alice").header("Password", PASSWORD);
    }

    private URI uri(final String path) {
        return URI.create(root + path);
    }

    private HttpResponse<String> send(final HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String form(final String... parts) {
        return "--b\r\n" + String.join("\r\n--b\r\n", parts) + "\r\n--b--\r\n";
    }

    private static String file(final String name, final String content) {
        return "Content-Disposition: form-data; name=\"f\"; filename=\"" + name + "\"\r\n\r\n" + content;
    }
}
