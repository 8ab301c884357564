package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dropzonebackup.core.users.PasswordHash;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of resumable uploads that are broken, or mean it. */
class HostileResumptionIT {

    private static final int PARALLEL = 16;
    private static final int QUOTA = 1_000_000;
    private static final String PASSWORD = "secret-pa55";
    private static final String[] CAROL = {"Username: carol", "Password: " + PASSWORD};
    private static final long SOON_NANOS = 5_000_000_000L;

    @TempDir
    private static Path directory;
    private static Scene scene;
    @AutoClose
    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        scene = Scene.in(directory);
        Files.createDirectory(directory.resolve("carol"));
        Files.writeString(directory.resolve("users.properties"), "carol.password = " + PasswordHash.of(PASSWORD).text()
                + "\ncarol.quota = " + QUOTA + "\n");
        server = Server.start(scene.command("--idle-timeout", "60 s", "--max-file-size", "10 MB", "--refusal-drain", "1 s"));
    }

    @BeforeEach
    void empty() throws IOException {
        scene.empty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Upload-Length: 999999999999999999                       | 413
            Upload-Length: 9223372036854775808                      | 400
            Upload-Length: 0x10                                     | 400
            Upload-Length: 1,Upload-Length: 2                       | 400
            Upload-Length: 1,Upload-Metadata: filename Li4vLi4=     | 400
            Upload-Length: 1,Upload-Metadata: filename YQBi         | 400
            Upload-Length: 1,Upload-Metadata: filename YQ0KYg==     | 400
            Upload-Length: 1,Upload-Metadata: \u00e4 YQ==           | 400
            Upload-Length: 1,Upload-Concat: partial                 | 400
            Upload-Concat: final;/files/a /files/b                  | 400
            Upload-Length: 1,Content-Encoding: gzip                 | 415
            Upload-Length: 1,X-HTTP-Method-Override: TRACE          | 405
            Upload-Length: 1,X-HTTP-Method-Override: PATCH          | 405
            Upload-Length: 1,X-HTTP-Method-Override: post           | 405
            """)
    void makesNoUploadOfNonsense(final String headers, final int status) throws Exception {
        assertThat(Tus.ask(server, "POST", "/files/", headers.split(",")).status()).isEqualTo(status);
        assertThat(scene.names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Upload-Offset: 0,Content-Length: 9223372036854775807                     | 400
            Upload-Offset: 999999999999999999,Content-Length: 9223372036854775807    | 409
            Upload-Offset: -0,Content-Length: 1                                      | 400
            Upload-Offset: 0,Upload-Offset: 3,Content-Length: 1                      | 400
            Upload-Offset: 0,Content-Encoding: gzip,Content-Length: 7                | 415
            Upload-Offset: 0,Upload-Length: 8,Content-Length: 8                      | 400
            Upload-Offset: 0,X-HTTP-Method-Override: PUT,Content-Length: 7           | 405
            """)
    void addsNothingOfNonsense(final String headers, final int status) throws Exception {
        final String upload = Tus.create(server, "a", 7);
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(Tus.head("PATCH", upload, (Tus.PIECE + "," + headers).split(",")) + "\r\n");
            assertThat(exchange.answer().status()).isEqualTo(status);
        }
        assertThat(Tus.offset(server, upload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/files/ID/", "/files/ID/x", "/files/x/ID", "/files/0ID", "/files/ID%00", "/upload-resources/ID",
        "/files/.ID.state.~tmp", "/upload/ID"})
    void findsNoUploadByAnotherName(final String path) throws Exception {
        final String id = Tus.create(server, "a", 7).replace("/files/", "");
        assertThat(Tus.ask(server, "HEAD", path.replace("ID", id)).status()).isIn(400, 404, 405);
    }

    @Test
    void overridingTheMethodMeansNothingWhereItIsNotTus() throws Exception {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(Scene.put("a", "Content-Length: 1", "X-HTTP-Method-Override: DELETE") + "\r\nx");
            assertThat(exchange.answer().status()).isEqualTo(200);
        }
        assertThat(scene.names()).containsExactly("a");
    }

    @Test
    void oldAndChunkedRequestsAreUnderstood() throws Exception {
        final String upload = Tus.create(server, "a", 7);
        try (Exchange old = new Exchange(server)) {
            old.send(Tus.head("PATCH", upload, Tus.PIECE, "Upload-Offset: 0", "Content-Length: 3").replace("HTTP/1.1", "HTTP/1.0")
                    + "\r\ncon");
            assertThat(old.answer().status()).isEqualTo(204);
        }
        try (Exchange chunked = new Exchange(server)) {
            chunked.send(Tus.head("PATCH", upload, Tus.PIECE, "Upload-Offset: 3", "Transfer-Encoding: chunked") + "\r\n")
                    .sendChunk("tent".getBytes()).sendChunk();
            assertThat(chunked.answer().status()).isEqualTo(204);
        }
        assertThat(scene.box().resolve("a")).hasContent("content");
    }

    /** Clients resume after a status of the server's own, and hardly one after another. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 7\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n7\r\n"})
    void aPieceThatBreaksOffIsAnsweredSoThatItsClientResumes(final String rest) throws Exception {
        final String upload = Tus.create(server, "a", 7);
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(Tus.head("PATCH", upload, Tus.PIECE, "Upload-Offset: 0") + rest + "con").end();
            final Exchange.Answer answer = exchange.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("what had come is kept");
        }
        assertThat(Tus.offset(server, upload)).isEqualTo(3);
    }

    /** What goes on after the announced bytes is another request, or none. */
    @Test
    void bytesBeyondTheAnnouncedOnesAreNoPartOfIt() throws Exception {
        final String upload = Tus.create(server, "a", 7);
        try (Exchange exchange = Tus.begin(server, upload, 0, 3, "content".getBytes())) {
            assertThat(exchange.answer().status()).isEqualTo(204);
        }
        assertThat(Tus.offset(server, upload)).isEqualTo(3);
    }

    @Test
    void chunksWithoutAnEndAreCutAtTheLengthAndAtTheLimit() throws Exception {
        final String known = Tus.create(server, "a", 7);
        assertThat(endless(known)).isEqualTo(400);
        final Exchange.Answer made = Tus.ask(server, "POST", "/files/", "Upload-Defer-Length: 1", Tus.named("b"));
        assertThat(endless("/files/" + Tus.header(made, "Location"))).isEqualTo(413);
        assertThat(scene.names()).noneMatch(name -> name.equals("a") || name.equals("b"));
    }

    private static int endless(final String upload) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(Tus.head("PATCH", upload, Tus.PIECE, "Upload-Offset: 0", "Transfer-Encoding: chunked") + "\r\n");
            try {
                for (int i = 0; i < 1000; i++) {
                    exchange.sendChunk(new byte[100_000]);
                }
            } catch (final IOException refusedAlready) {
                return exchange.answer().status();
            }
            return exchange.answer().status();
        }
    }

    @Test
    void onlyOneOfManyPiecesForTheSamePlaceIsKept() throws Exception {
        final String upload = Tus.create(server, "a", 1_000_000);
        final List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            contents.add(Content.random(new Random(i), 1_000_000).bytes());
        }
        final List<Integer> statuses = all(i -> sent(Tus.begin(server, upload, 0, 1_000_000), contents.get(i)));

        assertThat(statuses).isSubsetOf(0, 204, 400, 409, 423, 503);
        assertThat(statuses.stream().filter(status -> status == 204)).hasSizeLessThanOrEqualTo(1);
        final int offset = (int) Tus.offset(server, upload);
        final Path file = scene.box().resolve(offset == 1_000_000 ? "a" : "." + upload.replace("/files/", "") + ".upload.~tmp");
        final byte[] kept = Arrays.copyOf(Files.readAllBytes(file), offset);
        assertThat(contents).anyMatch(content -> Arrays.equals(kept, Arrays.copyOf(content, offset)));
    }

    /** @return the status; 0 if a newer request has ended this one */
    private static int sent(final Exchange exchange, final byte... content) throws IOException {
        try (exchange) {
            try {
                exchange.send(content);
            } catch (final IOException answeredAlready) {
                return exchange.readAll().startsWith("HTTP/1.1 ") ? 503 : 0;
            }
            return exchange.answer().status();
        } catch (final IOException cut) {
            return 0;
        }
    }

    @Test
    void creationsInAFloodShareTheQuota() throws Exception {
        final int each = QUOTA / 10;
        final List<Integer> statuses = all(i -> Tus.ask(server, "POST", "/files/",
                "Upload-Length: " + each, Tus.named("file" + i), CAROL[0], CAROL[1]).status());

        assertThat(statuses).containsOnly(201, 507);
        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(10);
        assertThat(Tus.ask(server, "POST", "/files/", "Upload-Length: 1", CAROL[0], CAROL[1]).status()).isEqualTo(507);
        for (final String file : carols()) {
            if (file.endsWith(".upload.~tmp")) {
                assertThat(Tus.ask(server, "DELETE", "/files/" + file.substring(1, 33), CAROL).status()).isEqualTo(204);
            }
        }
        assertThat(carols()).isEmpty();
        final String whole = Tus.create(server, "whole", QUOTA, CAROL);
        assertThat(Tus.ask(server, "DELETE", whole, CAROL).status()).isEqualTo(204);
    }

    private static List<String> carols() throws IOException {
        return new Scene(directory, directory.resolve("carol")).names();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE"})
    void nobodyWaitsForAPieceThatHangs(final String method) throws Exception {
        final String upload = Tus.create(server, "a", 1_000_000);
        final byte[] part = Content.random(new Random(1), 400_000).bytes();
        try (Exchange hanging = Tus.begin(server, upload, 0, 1_000_000, part)) {
            assertThat(Scene.eventually(() -> scene.staged() == part.length)).isTrue();
            final long begun = System.nanoTime();

            if (method.equals("PATCH")) {
                assertThat(Tus.patch(server, upload, part.length, new byte[600_000]).status()).isEqualTo(204);
                assertThat(scene.box().resolve("a")).hasSize(1_000_000);
            } else if (method.equals("HEAD")) {
                assertThat(Tus.offset(server, upload)).isEqualTo(part.length);
            } else {
                assertThat(Tus.ask(server, method, upload).status()).isEqualTo(204);
                assertThat(scene.names()).isEmpty();
            }
            assertThat(System.nanoTime() - begun).as("nanoseconds").isLessThan(SOON_NANOS);
            assertThat(hanging.readAll()).as("the older one is told to go on elsewhere").startsWith("HTTP/1.1 503");
        }
    }

    private interface Attempt {
        int make(int number) throws IOException;
    }

    private static List<Integer> all(final Attempt attempt) throws Exception {
        final ExecutorService clients = Executors.newFixedThreadPool(PARALLEL);
        final List<Callable<Integer>> tries = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            final int number = i;
            tries.add(() -> attempt.make(number));
        }
        final List<Integer> statuses = new ArrayList<>();
        for (final Future<Integer> one : clients.invokeAll(tries)) {
            statuses.add(one.get());
        }
        clients.shutdown();
        return statuses;
    }
}
