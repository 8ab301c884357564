package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.HostilePaths;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers send to the server jar, which asks the application about every path. */
class HostileRequestsIT {

    @TempDir
    private static Path directory;
    private static ServerProcess server;
    private static String logAtStart;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory, "--anonymous-dir", "anonymous", "--anonymous-challenge", "off");
        logAtStart = server.log();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @AfterEach
    void nothingIsLoggedOfIt() throws IOException {
        assertThat(server.log()).isEqualTo(logAtStart);
    }

    @Test
    void refusesAPathThatLeadsElsewhereWhoeverSendsIt() throws IOException {
        for (final HostilePaths.Request request : HostilePaths.of("bob", ServerProcess.BOBS_PASSWORD).toList()) {
            try (RawConnection connection = server.connect()) {
                final Answer answer = request.sendTo(connection, "/");

                assertThat(answer.status()).as(request.toString()).isEqualTo(400);
                assertThat(answer.body()).as(request.toString()).contains("path").doesNotContain("Exception", "<html");
                assertThat(answer.headers()).as(request.toString()).containsEntry("x-content-type-options", "nosniff");
            }
        }
        try (Stream<Path> files = Files.list(server.directoryOf("bob"))) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://intranet.example", "Origin: null"})
    void takesNothingFromAnybodyByAPageOfAnotherSite(final String from) throws IOException {
        for (final String request : List.of("POST /upload", "POST /upload/a.txt", "PUT /upload/a.txt", "POST /files/")) {
            final Answer answer = ask(request, from, "Content-Type: text/plain");
            assertThat(answer.status()).isEqualTo(403);
            assertSharesNothing(answer);
        }
        for (final String path : List.of("/upload", "/upload/a.txt", "/files/", "/upload-resources/x", "/challenge")) {
            assertSharesNothing(ask("OPTIONS " + path, from, "Access-Control-Request-Method: PUT"));
        }
        assertThat(ask("POST /upload", "Sec-Fetch-Site: none").status()).isEqualTo(200);
        try (Stream<Path> files = Files.list(server.directoryOf("anonymous"))) {
            files.forEach(file -> assertThat(file.toFile().delete()).isTrue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta.faces.ViewState=x", "%6aakarta.faces.ViewState=rO0ABXNy", "jakarta.faces.partial.ajax=true",
            "javax.faces.ViewState=x", "%zz"})
    void showsNoScannerThatThereIsFaces(final String query) throws IOException {
        for (final String request : List.of("GET /upload.xhtml?", "GET /?", "HEAD /upload.xhtml?", "POST /upload.xhtml?")) {
            assertThat(ask(request + query, "Content-Type: application/x-www-form-urlencoded").status()).isBetween(400, 499);
        }
    }

    /** Nobody has named an origin. */
    private static void assertSharesNothing(final Answer answer) {
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-")).doesNotContain("vary");
    }

    private static Answer ask(final String request, final String... headers) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\n"
                    + String.join("\r\n", headers) + (request.startsWith("P") ? "\r\nContent-Length: 1\r\n\r\nx" : "\r\n\r\n")).readFinal();
        }
    }
}
