package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Password hashes that want much memory, in a server that has little and ends when there is none: as the shipped unit starts it. */
class HashMemoryIT {

    private static final String LARGE = "$argon2id$v=19$m=262144,t=3,p=4$c2FsdHNhbHQ$dGFndGFndGFndGFn";
    /** As most of the original server's: some tenths of a second, and 106 MiB. */
    private static final String ORIGINAL = "$argon2id$v=19$m=102400,t=1,p=8$c2FsdHNhbHQ$dGFndGFndGFndGFn";
    private static final String CUT = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2Fsd$dGFndGFndGFndGFn";
    private static final String LENGTHY = "$argon2id$v=19$m=65536,t=999,p=99$c2FsdHNhbHQ$dGFndGFndGFndGFn";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        final List<String> command = ServerProcess.plainCommand("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", ServerProcess.prepare(directory).toString(),
                "--users-file", directory.resolve("users.properties").toString(), "--trusted-proxies", "127.0.0.1");
        command.add(1, "-XX:+ExitOnOutOfMemoryError");
        Files.writeString(directory.resolve("users.properties"), "large.password = " + LARGE + "\noriginal.password = " + ORIGINAL
                + "\ncut.password = " + CUT + "\nlengthy.password = " + LENGTHY + "\n", StandardOpenOption.APPEND);
        server = ServerProcess.start(new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()),
                directory.resolve("uploads"));
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "PUT /upload/a.bin HTTP/1.1\r\nUSERNAME", "PUT /upload/a.bin HTTP/1.1\r\nBASIC", "POST /login HTTP/1.1\r\nUSERNAME",
        "POST /files/ HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 1\r\nUSERNAME",
        "PUT /upload/b.bin HTTP/1.1\r\nUpload-Complete: ?0\r\nUSERNAME"})
    void aHashThatDoesNotFitIsAnsweredEachTime(final String request) throws IOException {
        for (int i = 0; i < 3; i++) {
            final Answer answer = send(request, "large", "192.0.2.1");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).containsKey("retry-after");
        }
        assertThat(server.log()).contains("user large", "-Xmx578m").doesNotContain("argon2");
        assertThat(send("PUT /upload/other.bin HTTP/1.1\r\nUSERNAME", "bob", "192.0.2.1").status()).isIn(200, 409);
    }

    @Test
    void aFormWhoseUsersHashDoesNotFitIsAnswered() throws IOException {
        final String form = "--b\r\nContent-Disposition: form-data; name=username\r\n\r\nlarge\r\n"
                + "--b\r\nContent-Disposition: form-data; name=password\r\n\r\nany\r\n"
                + "--b\r\nContent-Disposition: form-data; name=file; filename=form.bin\r\n\r\nx\r\n--b--\r\n";
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send("POST /upload.xhtml HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                    + "Content-Length: " + form.length() + "\r\n\r\n" + form).readFinal().status()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "lengthy"})
    void aUserWhoseHashCannotBeReadIsNone(final String user) throws IOException {
        assertThat(send("PUT /upload/a.bin HTTP/1.1\r\nUSERNAME", user, "192.0.2.2").status()).isEqualTo(403);
        assertThat(server.log()).contains("user " + user + ": the password ");
    }

    /** Each of them alone is nearly half of the memory. */
    @Test
    void manyThatAskForMuchAtOnceAreAnswered() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            final List<Future<Answer>> guesses = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                final String from = "198.51.100." + i;
                guesses.add(threads.submit(() -> send("PUT /upload/a.bin HTTP/1.1\r\nUSERNAME", "original", from)));
            }
            final Future<Answer> other = threads.submit(() -> send("PUT /upload/o.bin HTTP/1.1\r\nUSERNAME", "bob", "192.0.2.3"));
            for (final Future<Answer> guess : guesses) {
                assertThat(guess.get().status()).isEqualTo(403);
            }
            assertThat(other.get().status()).isEqualTo(200);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Answer send(final String request, final String user, final String from) throws IOException {
        final String password = ServerProcess.BOBS_PASSWORD;
        final String basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        try (RawConnection connection = server.connect()) {
            return connection.send(request.replace("USERNAME", "Username: " + user + "\r\nPassword: " + password)
                    .replace("BASIC", "Authorization: Basic " + basic)
                    + "\r\nHost: x\r\nX-Forwarded-For: " + from + "\r\nContent-Length: 0\r\n\r\n").readFinal();
        }
    }
}
