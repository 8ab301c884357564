package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests have ids, and {@code -v} logs a line for each file of an upload, as JSON if that is wanted. */
class LogIT {

    private static final String BOB = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "-v", "--log-format", "json", "--trusted-proxies", "127.0.0.1");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    private static Answer put(final String path, final String headers) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send("PUT /upload/" + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: 1\r\n\r\nx").readFinal();
        }
    }

    private static List<JSONObject> uploads() throws IOException {
        return server.log().lines().map(JSONObject::new).filter(line -> line.getString("logger").equals("org.dropzonebackup.uploads")).toList();
    }

    @Test
    void aStoredFileHasALineWithTheIdThatTheProxyGave() throws IOException {
        final Answer answer = put("na%22me", BOB + "X-Request-Id: proxy.1-a_b\r\nX-Forwarded-For: 192.0.2.9\r\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("x-request-id", "proxy.1-a_b");
        assertThat(uploads()).filteredOn(line -> line.getString("message").endsWith(", request proxy.1-a_b")).singleElement().satisfies(line -> {
            assertThat(line.getString("message")).matches(
                    "stored \"na\\\\\"me\" of \"bob\" from 192\\.0\\.2\\.9: 1 bytes in \\d+ ms, 200, request proxy\\.1-a_b");
            assertThat(Instant.parse(line.getString("time"))).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
            assertThat(line.getString("level")).isEqualTo("FINE");
            assertThat(line.getString("thread")).isNotBlank();
        });
    }

    @Test
    void aRefusedFileHasALineWithTheIdThatTheClientIsTold() throws IOException {
        final Answer answer = put("a%0Ab", BOB + "Accept: application/json\r\n");
        final String id = answer.headers().get("x-request-id");
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(new JSONObject(answer.body()).getString("instance")).isEqualTo("/requests/" + id);
        assertThat(uploads()).filteredOn(line -> line.getString("message").endsWith(", request " + id)).singleElement().satisfies(line ->
                assertThat(line.getString("message")).startsWith("refused \"a\\u000ab\" of \"bob\" from 127.0.0.1: ").contains(", 400, \""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with blank", "quote\"", "<script>", "12345678901234567890123456789012345678901234567890123456789012345"})
    void anIdThatIsNoneIsNotTakenOver(final String sent) throws IOException {
        assertThat(put("x", BOB + "X-Request-Id: " + sent + "\r\n").headers().get("x-request-id")).matches("[0-9a-f]{32}");
    }

    @Test
    void strangersGiveNoIds(@TempDir final Path other) throws Exception {
        final ServerProcess plain = ServerProcess.start(other);
        try (RawConnection connection = plain.connect()) {
            assertThat(connection.send("PUT /upload/a HTTP/1.1\r\nHost: x\r\n" + BOB + "X-Request-Id: mine\r\nContent-Length: 1\r\n\r\nx")
                    .readFinal().headers().get("x-request-id")).matches("[0-9a-f]{32}");
            assertThat(plain.log()).isEmpty();
        } finally {
            plain.stop();
        }
    }
}
