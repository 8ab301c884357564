package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.SubmittedPaths;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page's form and its question for a login are over HTTP. */
class FormIT {

    private static final int LARGE = 30_000_000;

    @TempDir
    private static Path directory;
    private static PageServer server;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        server = new PageServer(directory);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @BeforeEach
    void emptyTheBox() throws IOException {
        SubmittedPaths.empty(server.box());
    }

    @Test
    void thePageIsStrictAndKeepsNoSession() throws Exception {
        final HttpResponse<String> page = send(HttpRequest.newBuilder(uri("")).GET());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'").contains("frame-ancestors 'none'").doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(page.body()).doesNotContain("ViewState");
    }

    @Test
    void answersWithThePageAndItsStatus() throws Exception {
        final HttpResponse<String> stored = form(field("username", "Alice"), field("password", PageServer.PASSWORD),
                file("photos/a.txt", "content"));
        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(stored.body()).contains(">photos/a.txt<", "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73")
                .doesNotContain(PageServer.PASSWORD);

        final HttpResponse<String> taken = form(field("username", "alice"), field("password", PageServer.PASSWORD),
                file("photos/a.txt", "again"));
        assertThat(taken.statusCode()).isEqualTo(409);
        assertThat(taken.body()).contains("exists already");
        assertThat(server.box().resolve("photos/a.txt")).hasContent("content");
    }

    @Test
    void refusesWithoutAChallengeWhoIsNotLetIn() throws Exception {
        for (final List<String> parts : List.of(
                List.of(field("username", "alice"), field("password", "wrong"), file("a.txt", "x")),
                List.of(field("username", "alice"), field("password", ""), file("a.txt", "x")),
                List.of(file("a.txt", "x")),
                List.of(file("a.txt", "x"), field("username", "alice"), field("password", PageServer.PASSWORD)))) {
            final HttpResponse<String> answer = form(parts.toArray(String[]::new));
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(answer.body()).contains("Nothing was stored");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesWhatIsNoForm() throws Exception {
        assertThat(form(field("username", "alice"), field("password", PageServer.PASSWORD)).statusCode()).isEqualTo(400);
        assertThat(form(field("username", "a".repeat(2000)), file("a.txt", "x")).statusCode()).isEqualTo(400);
        assertThat(form(field("other", "a".repeat(70_000)), file("a.txt", "x")).statusCode()).isEqualTo(400);
        assertThat(send(HttpRequest.newBuilder(uri("upload.xhtml")).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=alice"))).statusCode()).isEqualTo(415);
        assertThat(send(HttpRequest.newBuilder(uri("upload.xhtml")).DELETE()).statusCode()).isEqualTo(405);
        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesAFormThatAnotherSiteSends() throws Exception {
        final String body = body(field("username", "alice"), field("password", PageServer.PASSWORD), file("a.txt", "x"));
        for (final String site : List.of("cross-site", "same-site")) {
            assertThat(send(request(BodyPublishers.ofString(body)).header("Sec-Fetch-Site", site)).statusCode())
                    .isEqualTo(403);
        }
        assertThat(stored()).isEmpty();
        assertThat(send(request(BodyPublishers.ofString(body)).header("Sec-Fetch-Site", "same-origin")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void takesALargeFormAndRefusesOneInWords() throws Exception {
        final HttpResponse<String> refused = send(request(BodyPublishers.ofInputStream(() -> large("wrong"))));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("User name or password is wrong");
        assertThat(stored()).isEmpty();

        assertThat(send(request(BodyPublishers.ofInputStream(() -> large(PageServer.PASSWORD)))).statusCode())
                .isEqualTo(200);
        assertThat(server.box().resolve("large.bin")).hasSize(LARGE);
    }

    @Test
    void tellsWhoMayUploadBeforeAnythingIsSent() throws Exception {
        assertThat(login("alice:" + PageServer.PASSWORD).statusCode()).isEqualTo(204);
        final HttpResponse<String> refused = login("alice:wrong");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("\"detail\":\"User name or password is wrong");
    }

    private HttpResponse<String> login(final String pair) throws Exception {
        return send(HttpRequest.newBuilder(uri("login")).header("Accept", "application/json").header("Authorization",
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .POST(BodyPublishers.noBody()));
    }

    private static InputStream large(final String password) {
        final String head = "--b\r\n" + field("username", "alice") + "\r\n--b\r\n" + field("password", password)
                + "\r\n--b\r\n" + file("large.bin", "");
        return new SequenceInputStream(Collections.enumeration(List.of(bytes(head),
                new ByteArrayInputStream(new byte[LARGE]), bytes("\r\n--b--\r\n"))));
    }

    private static InputStream bytes(final String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> form(final String... parts) throws Exception {
        return send(request(BodyPublishers.ofString(body(parts))));
    }

    private static HttpRequest.Builder request(final HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(uri("upload.xhtml"))
                .header("Content-Type", "multipart/form-data; boundary=b").POST(body);
    }

    private HttpResponse<String> send(final HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static URI uri(final String path) {
        return URI.create(server.url() + path);
    }

    private static String body(final String... parts) {
        return "--b\r\n" + String.join("\r\n--b\r\n", parts) + "\r\n--b--\r\n";
    }

    private static String field(final String name, final String value) {
        return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
    }

    private static String file(final String name, final String content) {
        return "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content;
    }

    private static List<Path> stored() throws IOException {
        try (Stream<Path> files = Files.list(server.box())) {
            return files.toList();
        }
    }
}
