package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server jar with {@code cors-origins = *}: everybody's pages may upload. */
class CorsIT {

    private static final String ALLOW_ORIGIN = "access-control-allow-origin";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory, "--cors-origins", "*", "--anonymous-dir", "anonymous", "--anonymous-challenge", "off");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example", "null"})
    void takesFilesFromPagesOfAllOriginsAlsoHiddenOnes(final String origin) throws IOException {
        final Answer answer = send("POST /upload", "Origin: " + origin + "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: empty\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry(ALLOW_ORIGIN, "*").doesNotContainKey("access-control-allow-credentials");
        assertThat(new JSONObject(answer.body()).getJSONArray("files")).hasSize(1);
    }

    @Test
    void takesNothingFromAPageThatABrowserDoesNotName() throws IOException {
        final Answer answer = send("POST /upload", "Sec-Fetch-Site: cross-site\r\n");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers()).doesNotContainKey(ALLOW_ORIGIN);
    }

    /** The application refuses the first path before anything else is asked, and Jetty the second before the application is asked. */
    @ParameterizedTest
    @ValueSource(strings = {"/upload/a/%2e%2e/b", "/upload/\u00fc"})
    void letsPagesReadWhatNeverReachesTheUploads(final String path) throws IOException {
        final Answer answer = send("PUT " + path, "Origin: https://a.example\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers()).containsEntry(ALLOW_ORIGIN, "*").containsEntry("vary", "Origin");
        assertThat(new JSONObject(answer.body()).getInt("status")).isEqualTo(400);
    }

    private static Answer send(final String line, final String headers) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n" + headers + "\r\nx").readFinal();
        }
    }
}
