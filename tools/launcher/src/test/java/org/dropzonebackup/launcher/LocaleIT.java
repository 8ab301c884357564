package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server jar in locales with and without UTF-8, as a shell, cron or a container start it. */
class LocaleIT {

    private static final String AS_BOB = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";
    private static final String FILE = "--b\r\nContent-Disposition: form-data; name=file; filename=\"Büro.sql\"\r\n\r\nx\r\n--b--\r\n";
    private static final String FIELDS = "--b\r\nContent-Disposition: form-data; name=username\r\n\r\nbob\r\n"
            + "--b\r\nContent-Disposition: form-data; name=password\r\n\r\n" + ServerProcess.BOBS_PASSWORD + "\r\n";

    @TempDir
    private Path directory;
    private ServerProcess server;
    private Path leftover;

    private void startIn(final String locale) throws IOException {
        final Path base = ServerProcess.prepare(directory);
        leftover = Files.createFile(base.resolve("bob").resolve(".leftover.~tmp"));
        Files.setLastModifiedTime(leftover, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        final Path users = directory.resolve("users.properties");
        Files.writeString(users, "elsewhere.password = " + PasswordHash.of(ServerProcess.BOBS_PASSWORD).text()
                + "\nelsewhere.directory = Büro\n", StandardOpenOption.APPEND);
        final ProcessBuilder builder = new ProcessBuilder(ServerProcess.command("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", base.toString(), "--users-file", users.toString()))
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("LC_ALL", locale);
        server = ServerProcess.start(builder, base);
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        assertThat(server.stop()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX"})
    void refusesANameThatTheLocaleCannotWriteOnEveryWayInAndSaysOnceWhy(final String locale) throws Exception {
        startIn(locale);
        for (final String request : waysIn()) {
            final Answer answer = send(request);
            assertThat(answer.status()).as(request).isEqualTo(400);
            assertThat(answer.body()).as(request).contains("US-ASCII", "LC_ALL=C.UTF-8");
        }
        assertThat(send(put("Buero.sql", "bob")).status()).isEqualTo(200);
        assertThat(send(put("plain.sql", "elsewhere")).status()).isEqualTo(500);
        assertThat(server.log()).doesNotContain("Exception", "\tat ")
                .containsOnlyOnce("files whose names are not in US-ASCII are refused");
        assertThat(server.directoryOf("bob")).isDirectoryContaining("glob:**/Buero.sql");
    }

    @Test
    void sweepsBesideADirectoryThatTheLocaleCannotWrite() throws Exception {
        startIn("C");
        await().until(() -> Files.notExists(leftover));
    }

    @Test
    void storesAnyNameInUtf8() throws Exception {
        startIn("C.UTF-8");

        assertThat(send(put("B%C3%BCro.sql", "bob")).status()).isEqualTo(200);
        assertThat(server.directoryOf("bob").resolve("Büro.sql")).hasContent("x");
        assertThat(server.log()).isEmpty();
    }

    private static List<String> waysIn() {
        final String base64 = Base64.getEncoder().encodeToString("Büro.sql".getBytes(StandardCharsets.UTF_8));
        return List.of(put("B%C3%BCro.sql", "bob"),
                "POST /upload HTTP/1.1\r\nHost: x\r\n" + AS_BOB
                        + "Content-Disposition: attachment; filename*=UTF-8''B%C3%BCro.sql\r\nContent-Length: 1\r\n\r\nx",
                form("/upload", AS_BOB, FILE), form("/upload.xhtml", "Accept: text/plain\r\n", FIELDS + FILE),
                "POST /files/ HTTP/1.1\r\nHost: x\r\n" + AS_BOB + "Tus-Resumable: 1.0.0\r\nUpload-Length: 1\r\n"
                        + "Upload-Metadata: filename " + base64 + "\r\nContent-Length: 0\r\n\r\n",
                "PUT /upload/B%C3%BCro.sql HTTP/1.1\r\nHost: x\r\n" + AS_BOB
                        + "Upload-Complete: ?0\r\nContent-Length: 0\r\n\r\n");
    }

    private static String put(final String name, final String user) {
        return "PUT /upload/" + name + " HTTP/1.1\r\nHost: x\r\n" + AS_BOB.replace("bob", user) + "Content-Length: 1\r\n\r\nx";
    }

    private static String form(final String path, final String headers, final String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Type: multipart/form-data; boundary=b\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Answer send(final String request) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(request).readFinal();
        }
    }
}
