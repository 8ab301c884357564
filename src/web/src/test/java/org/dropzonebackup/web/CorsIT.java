package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.FRIEND;
import static org.dropzonebackup.web.Contract.PASSWORD;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of another origin may do that {@code cors-origins} names: upload, and read every answer. */
@RunAsClient
@OnEveryContainer
class CorsIT extends ContractPart {

    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String FROM_FRIEND = "Origin: " + FRIEND + ";Sec-Fetch-Site: cross-site;Sec-Fetch-Dest: empty;Accept: */*";
    private static final String ALICE = "Username: alice;Password: " + PASSWORD;
    /** Headers that a page may always read, and those that say nothing of an upload. */
    private static final Set<String> NOT_EXPOSED = Set.of("cache-control", "content-length", "content-type", "connection", "date", "server",
            "keep-alive", "transfer-encoding", "vary", "x-content-type-options", "x-frame-options", "content-security-policy",
            "referrer-policy", "www-authenticate", "access-control-allow-origin", "access-control-expose-headers");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ParameterizedTest
    @ValueSource(strings = {"upload", "upload/", "upload/a.txt", "upload/a/b", "files", "files/", "files/" + ID, "upload-resources/" + ID,
            "challenge"})
    void tellsABrowserWhatThePageMaySend(final String path) throws Exception {
        final HttpResponse<String> answer = ask("OPTIONS " + path, preflight(FRIEND), "");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(one(answer, ALLOW_ORIGIN)).isEqualTo(FRIEND);
        assertThat(one(answer, "Access-Control-Allow-Methods").split(", ")).contains("POST", "PUT", "PATCH", "HEAD", "DELETE", "GET");
        assertThat(one(answer, "Access-Control-Allow-Headers")).isEqualTo("authorization,tus-resumable,x-anything");
        assertThat(Integer.parseInt(one(answer, "Access-Control-Max-Age"))).isPositive();
        assertThat(one(answer, "Vary")).isEqualTo("Origin");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://other.example", "http://friend.example", "https://friend.example:8443",
            "https://friend.example.org", "https://FRIEND.example", "*"})
    void saysNothingToPagesOfOtherOrigins(final String origin) throws Exception {
        for (final String path : List.of("upload", "files/", "upload-resources/" + ID, "challenge")) {
            final HttpResponse<String> preflight = ask("OPTIONS " + path, preflight(origin), "");
            assertThat(corsHeaders(preflight)).as(path).isEmpty();
            assertThat(one(preflight, "Vary")).as(path).isEqualTo("Origin");
            final HttpResponse<String> answer = ask("POST " + path, "Origin: " + origin + ";" + ALICE, "x");
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(corsHeaders(answer)).as(path).isEmpty();
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void leavesThePageItselfToItsOwnOrigin() throws Exception {
        for (final String path : List.of("upload.xhtml", "login")) {
            assertThat(corsHeaders(ask("OPTIONS " + path, preflight(FRIEND), ""))).as(path).isEmpty();
            final HttpResponse<String> answer = ask("POST " + path, FROM_FRIEND + ";" + ALICE, "x");
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(corsHeaders(answer)).as(path).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | PUT upload/a.txt            | ALICE |
            200 | POST upload                 | ALICE;Content-Type: multipart/form-data; boundary=b |
            201 | PUT upload/a.txt            | ALICE;Upload-Complete: ?0 |
            201 | POST files                  | ALICE;TUS;Upload-Length: 1;Content-Type: application/offset+octet-stream |
            204 | OPTIONS files               | Tus-Resumable: 1.0.0 |
            204 | OPTIONS upload              | X-Nothing: 1 |
            200 | GET challenge               | X-Nothing: 1 |
            400 | PUT upload/a.~tmp           | ALICE |
            400 | POST upload                 | ALICE;Content-Type: multipart/form-data |
            401 | PUT upload/a.txt            | X-Nothing: 1 |
            401 | POST files                  | TUS;Upload-Length: 1 |
            403 | PUT upload/a.txt            | Username: alice;Password: wrong;X-Forwarded-For: 192.0.2.50 |
            404 | PATCH files/ID              | ALICE;TUS;Upload-Offset: 0;Content-Type: application/offset+octet-stream |
            404 | HEAD files/ID               | ALICE;TUS |
            404 | POST files/a/b              | ALICE;TUS |
            404 | HEAD upload-resources/ID    | ALICE |
            404 | PUT upload-resources        | ALICE |
            405 | GET upload                  | ALICE |
            405 | DELETE upload/a.txt         | ALICE |
            405 | PUT files/ID                | ALICE;TUS |
            405 | POST challenge              | X-Nothing: 1 |
            409 | PUT upload/there.txt        | ALICE |
            412 | POST files                  | ALICE;Upload-Length: 1 |
            413 | PUT upload/a.txt            | ALICE | 1001
            415 | PUT upload/a.txt            | ALICE;Content-Encoding: gzip |
            422 | PUT upload/a.txt            | ALICE;Content-Digest: sha-256=:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIA=: |
            507 | PUT upload/a.txt            | Username: small;Password: PASSWORD | 11
            """)
    void letsThePageReadEveryAnswer(final int status, final String request, final String headers, final Integer size) throws Exception {
        Files.writeString(BOX.resolve("there.txt"), "other");
        final String content = request.startsWith("P") ? "x".repeat(size == null ? 1 : size) : "";

        final HttpResponse<String> answer = ask(request.replace("ID", ID), FROM_FRIEND + ";" + headers.replace("ALICE", ALICE)
                .replace("TUS", "Tus-Resumable: 1.0.0").replace(": PASSWORD", ": " + PASSWORD),
                headers.contains("boundary=b") ? Way.FORM.body("a.txt", content) : content);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertReadable(answer);
        if (status >= 400 && !request.startsWith("HEAD")) {
            assertThat(new JSONObject(answer.body()).getInt("status")).isEqualTo(status);
        }
    }

    @Test
    void letsThePageReadThatThereWereTooManyWrongPasswords() throws Exception {
        for (int i = 0; i < 10; i++) {
            ask("PUT upload/a.txt", "Username: alice;Password: wrong" + i + ";X-Forwarded-For: 192.0.2.51", "x");
        }
        final HttpResponse<String> answer = ask("PUT upload/a.txt",
                FROM_FRIEND + ";Username: alice;Password: wrong;X-Forwarded-For: 192.0.2.51", "x");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertReadable(answer);
    }

    /** Tomcat answers it by itself. */
    @Test
    void letsThePageReadThatItsRequestIsBroken() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            final RawConnection.Answer answer = connection.send(Way.PUT.head(root.getPath(), "", "a.txt", 1, "Origin: " + FRIEND,
                    "Transfer-Encoding: chunked") + "nonsense\r\n\r\n").readFinal();
            assertThat(answer.status()).isBetween(400, 499);
            assertThat(answer.headers()).containsEntry("access-control-allow-origin", FRIEND);
        }
        assertThat(names()).isEmpty();
    }

    /** What a page may read is on the list, the receipt of a file by tus too. */
    private static void assertReadable(final HttpResponse<String> answer) {
        assertThat(one(answer, ALLOW_ORIGIN)).isEqualTo(FRIEND);
        assertThat(one(answer, "Vary")).isEqualTo("Origin");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
        final Set<String> exposed = Arrays.stream(one(answer, "Access-Control-Expose-Headers").toLowerCase(Locale.ROOT).split(", "))
                .collect(Collectors.toSet());
        assertThat(answer.headers().map().keySet()).as("headers").allSatisfy(name -> assertThat(
                exposed.contains(name.toLowerCase(Locale.ROOT)) || NOT_EXPOSED.contains(name.toLowerCase(Locale.ROOT))).as(name).isTrue());
    }

    /** The value of a header that is there once. */
    private static String one(final HttpResponse<String> answer, final String header) {
        assertThat(answer.headers().allValues(header)).as(header).hasSize(1);
        return answer.headers().allValues(header).get(0);
    }

    private static List<String> corsHeaders(final HttpResponse<String> answer) {
        return answer.headers().map().keySet().stream().filter(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-")).toList();
    }

    private static String preflight(final String origin) {
        return "Origin: " + origin + ";Access-Control-Request-Method: PATCH;Access-Control-Request-Headers: authorization,tus-resumable,x-anything";
    }

    private HttpResponse<String> ask(final String line, final String headers, final String body) throws IOException, InterruptedException {
        final String[] parts = line.split(" ");
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + parts[1]))
                .method(parts[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (final String header : headers.replace("; boundary", ", boundary").split(";")) {
            request.setHeader(header.split(": ", 2)[0], header.split(": ", 2)[1].replace(", boundary", "; boundary"));
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
