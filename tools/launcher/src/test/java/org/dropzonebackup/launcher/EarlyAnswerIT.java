package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dropzonebackup.web.RawConnection;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers decide is answered before the body, and the client gets to see it. */
class EarlyAnswerIT {

    private static final int LIMIT = 1000;
    private static final String DIGEST_OF_X = "Repr-Digest: sha-256=:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=:";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "--max-file-size", String.valueOf(LIMIT), "--refusal-drain", "1 s");
        Files.writeString(server.directoryOf("bob").resolve("there.txt"), "x");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUT /upload/a.txt     | Username: bob;Password: wrong            | 10   | 403
            PUT /upload/a.txt     | X-Nothing: 1                             | 10   | 401
            PUT /upload/a.txt     | Authorization: Basic Ym9iOndyb25n        | 10   | 401
            PUT /other            | Username: bob;Password: secret-pa55      | 10   | 404
            PATCH /upload/a.txt   | Username: bob;Password: secret-pa55      | 10   | 405
            PUT /upload/a%2F      | Username: bob;Password: secret-pa55      | 10   | 400
            PUT /upload/there.txt | Username: bob;Password: secret-pa55      | 10   | 409
            PUT /upload/a.txt     | Username: bob;Password: secret-pa55      | 1001 | 413
            PUT /upload/a.txt     | Username: bob;Password: secret-pa55;Content-Encoding: gzip | 10 | 415
            PUT /upload/a.txt     | Username: carol;Password: secret-pa55    | 101  | 507
            PUT /upload/there.txt | Username: bob;Password: secret-pa55;DIGEST | 1  | 200
            """)
    void neverLetsAClientThatWaitsStart(final String line, final String headers, final int length, final int status)
            throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(head(line, headers.replace("DIGEST", DIGEST_OF_X), length) + "Expect: 100-continue\r\n\r\n");

            assertThat(connection.read().status()).isEqualTo(status);
        }
    }

    @Test
    void letsAClientThatWaitsStartWhenItIsAdmitted() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(head("PUT /upload/waited.txt", "Username: bob;Password: secret-pa55", 5)
                    + "Expect: 100-continue\r\n\r\n");
            assertThat(connection.read().status()).isEqualTo(100);
            assertThat(connection.send("hello").read().status()).isEqualTo(200);
        }
        assertThat(server.directoryOf("bob").resolve("waited.txt")).hasContent("hello");
    }

    @ParameterizedTest
    @CsvSource({"wrong, 403", "secret-pa55, 413"})
    void answersAtOnceAndReadsOnUntilTheClientHasSentAll(final String password, final int status) throws Exception {
        final byte[] megabyte = new byte[1 << 20];
        final int megabytes = 20;
        try (RawConnection connection = server.connect()) {
            connection.send(head("PUT /upload/large.bin", "Username: bob;Password: " + password, megabytes << 20) + "\r\n");
            assertThat(connection.send(megabyte).readFinal().status()).isEqualTo(status);
            for (int i = 1; i < megabytes; i++) {
                connection.send(megabyte);
            }
            assertThat(connection.isAtEnd()).isTrue();
        }
    }

    @Test
    void closesOnAClientThatNeverEnds() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(head("PUT /upload/large.bin", "Username: bob;Password: wrong", 10) + "\r\n1");

            final RawConnection.Answer answer = connection.readFinal();

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(connection.isAtEnd()).isTrue();
        }
    }

    @Test
    void refusesInTheMiddleOfAFormThatCrossesTheLimit() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(head("POST /upload", "Username: bob;Password: secret-pa55;"
                    + "Content-Type: multipart/form-data; boundary=b", 1 << 20) + "\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=f; filename=small.txt\r\n\r\nsmall\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=f; filename=large.txt\r\n\r\n" + "x".repeat(LIMIT + 100));

            final RawConnection.Answer answer = connection.readFinal();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("limit 1000 B");
        }
        assertThat(server.directoryOf("bob").resolve("small.txt")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"PUT /upload/a%c3%28, 400", "TRACE /upload, 405", "TRACE /nothing, 404", "GET /WEB-INF/web.xml, 404"})
    void saysInItsOwnWordsWhatJettyRefuses(final String line, final int status) throws Exception {
        try (RawConnection connection = server.connect()) {
            final RawConnection.Answer answer = connection.send(
                    line + " HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n").readFinal();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers()).containsEntry("cache-control", "no-store")
                    .containsEntry("x-content-type-options", "nosniff");
            assertThat(new JSONObject(answer.body()).getInt("status")).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUT /upload/BÃ¼ro.sql | Content-Length: 1                                | 400 | percent-encoded
            PUT /upload/a           | Content-Length: 1;Content-Length: 2                        | 400 | more than one Content-Length
            PUT /upload/a%00b       | Content-Length: 1                                          | 400 | cannot be read
            PUT /upload/a%zz        | Content-Length: 1                                          | 400 | cannot be read
            PUT /upload/a           | Transfer-Encoding: gzip, chunked                           | 501 | chunked
            PUT /upload/a           | Expect: an-answer;Content-Length: 1                        | 417 | 100-continue
            PUT /upload/a           | Transfer-Encoding: gzip                                    | 501 | chunked
            PUT /upload/a           | Cookie: LONG                                               | 431 | --max-header-size
            """)
    void saysWhatReallyIsWrong(final String line, final String headers, final int status, final String said) throws Exception {
        try (RawConnection connection = server.connect()) {
            final RawConnection.Answer answer = connection.send(line + " HTTP/1.1\r\nHost: x\r\n"
                    + headers.replace(";", "\r\n").replace("LONG", "c".repeat(8 << 10)) + "\r\n\r\n").readFinal();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).contains(said);
            assertThat(answer.headers()).containsEntry("cache-control", "no-store").containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("connection", "close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup_server", "_backup.example:8888", "a_.b_c"})
    void takesUploadsForAHostWithAnUnderscore(final String host) throws Exception {
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send("PUT /upload/" + host.replace(':', '-') + " HTTP/1.1\r\nHost: " + host
                    + "\r\nUsername: bob\r\nPassword: secret-pa55\r\nContent-Length: 1\r\n\r\nx").readFinal().status()).isEqualTo(200);
        }
    }

    private static String head(final String line, final String headers, final int length) {
        return line + " HTTP/1.1\r\nHost: x\r\n" + headers.replace(";", "\r\n").replace("\r\n boundary", "; boundary")
                + "\r\nContent-Length: " + length + "\r\n";
    }
}
