package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.launcher.ServerProcess;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shipped proxy configuration, with HTTPS before the server jar. */
class ProxyIT {

    private static final String RIGHT = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD;
    private static final String WRONG = "Username: bob\r\nPassword: wrong";
    private static final int MIB = 1024 * 1024;
    private static final int TWO_GIB_IN_MIB = 2048;
    /** What may be on its way in sockets and buffers, or in the proxy's memory. */
    private static final int AROUND_MIB = 64;
    private static final int PIPES = 20;
    private static final int PIPED = 30_000_000;
    private static final int FAILURES_ALLOWED = 10;
    private static final Path CLIENTS = Path.of("..", "bench", "src", "main", "clients");
    private static final int PIECES_MIB = Integer.getInteger("proxies.pieces.mib", 64);
    private static final int PIECE = 8 * MIB;

    @TempDir
    private Path directory;
    private ServerProcess server;
    private Path box;
    private RunningProxy proxy;
    private SSLContext tls;
    private final ExecutorService reader = Executors.newSingleThreadExecutor();

    static Stream<Proxy> proxies() {
        return Nightly.cases(Stream.of(Proxy.values()));
    }

    @BeforeEach
    void startServer() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        server = ServerProcess.start(Files.createDirectory(directory.resolve("server")),
                "--trusted-proxies", "127.0.0.1", "--fsync", "false");
        box = server.directoryOf("bob");
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.stop();
        reader.shutdownNow();
        proxy.close();
    }

    private void start(final Proxy kind) throws Exception {
        start(kind, Map.of());
    }

    private void start(final Proxy kind, final Map<String, String> changes) throws Exception {
        proxy = new RunningProxy(kind, directory.resolve("proxy"), server.port(), changes);
        final KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("proxy", CertificateFactory.getInstance("X.509")
                .generateCertificate(Files.newInputStream(proxy.certificate())));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void streamsTwoGibibytes(final Proxy kind) throws Exception {
        start(kind);
        try (Socket socket = secure("127.0.0.2"); RawConnection client = new RawConnection(socket)) {
            client.send(head("big.bin", RIGHT, "Content-Length: " + (long) TWO_GIB_IN_MIB * MIB));
            final byte[] block = new byte[MIB];
            for (int sent = 1; sent <= TWO_GIB_IN_MIB; sent++) {
                socket.getOutputStream().write(block);
                if (sent == TWO_GIB_IN_MIB / 2) {
                    await().until(() -> bytesIn(box) >= (long) (TWO_GIB_IN_MIB / 2 - AROUND_MIB) * MIB);
                }
            }
            assertThat(client.readFinal().status()).isEqualTo(200);
        }
        assertThat(box.resolve("big.bin")).hasSize((long) TWO_GIB_IN_MIB * MIB);
        assertThat(mostMemoryInKib() / 1024).as("MiB of memory at most").isLessThan(4 * AROUND_MIB);
        assertThat(bytesIn(directory.resolve("proxy"))).as("files of the proxy").isLessThan(MIB);
        System.out.println(kind + " streamed 2 GiB, with " + mostMemoryInKib() / 1024 + " MiB of memory at most");
    }

    /** As in the README: {@code tar c /etc | curl -T - …}. Each proxy cuts the chunks in its own way, each time in another. */
    @ParameterizedTest
    @MethodSource("proxies")
    void storesWhateverIsPipedThrough(final Proxy kind) throws Exception {
        start(kind);
        final Path file = directory.resolve("tar");
        final byte[] content = new byte[PIPED];
        new Random(42).nextBytes(content);
        Files.write(file, content);
        for (int i = 0; i < PIPES; i++) {
            final List<Process> pipe = ProcessBuilder.startPipeline(List.of(new ProcessBuilder("cat", file.toString()),
                    new ProcessBuilder("curl", "-sS", "-T", "-", "--cacert", proxy.certificate().toString(),
                            "--resolve", "backup.example.org:" + proxy.port() + ":127.0.0.1", "-u", "bob:" + ServerProcess.BOBS_PASSWORD,
                            "https://backup.example.org:" + proxy.port() + "/upload/piped" + i).redirectErrorStream(true)));
            assertThat(new String(pipe.get(1).getInputStream().readAllBytes(), StandardCharsets.UTF_8)).as("upload %d", i).isEqualTo("OK");
            assertThat(Files.mismatch(file, box.resolve("piped" + i))).as("where upload %d differs", i).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void letsAnEarlyRefusalThrough(final Proxy kind) throws Exception {
        start(kind);
        try (Socket socket = secure("127.0.0.2"); RawConnection client = new RawConnection(socket)) {
            client.send(head("a.bin", WRONG, "Content-Length: " + (long) TWO_GIB_IN_MIB * MIB));
            final Future<RawConnection.Answer> answer = reader.submit(client::readFinal);
            assertThat(mebibytesSentUntil(answer, socket)).isLessThan(AROUND_MIB);
            assertThat(answer.get().status()).isEqualTo(403);
        }
    }

    private static int mebibytesSentUntil(final Future<?> answer, final Socket socket) {
        final byte[] block = new byte[MIB];
        int sent = 0;
        try {
            while (!answer.isDone() && sent < TWO_GIB_IN_MIB) {
                socket.getOutputStream().write(block);
                sent++;
            }
        } catch (final IOException closed) {
            // Whoever has answered need not listen any longer; whether there was an answer is asked elsewhere
        }
        return sent;
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void tellsAClientThatWaitsToGoOn(final Proxy kind) throws Exception {
        start(kind);
        try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
            client.send(head("a.bin", RIGHT, "Content-Length: 7\r\nExpect: 100-continue"));
            assertThat(client.read().status()).isEqualTo(100);
            client.send("content");
            assertThat(client.readFinal().status()).isEqualTo(200);
        }
        try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
            client.send(head("b.bin", WRONG, "Content-Length: 7\r\nExpect: 100-continue"));
            final RawConnection.Answer first = client.read();
            assertThat(first.status()).isEqualTo(kind == Proxy.NGINX ? 100 : 403);
        }
        assertThat(box.resolve("a.bin")).hasContent("content");
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void leavesNothingOfAClientThatDisconnects(final Proxy kind) throws Exception {
        start(kind);
        try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
            client.send(head("a.bin", RIGHT, "Content-Length: 100000000") + "x".repeat(MIB));
            await().until(() -> !isEmpty(box));
        }
        await().until(() -> isEmpty(box));
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void tellsTheClientsAddressWhateverTheClientSaysOfIt(final Proxy kind) throws Exception {
        start(kind);
        for (int i = 0; i < FAILURES_ALLOWED; i++) {
            assertThat(login("127.0.0.2", WRONG, i)).isEqualTo(403);
        }
        assertThat(login("127.0.0.2", WRONG, FAILURES_ALLOWED)).isEqualTo(429);
        assertThat(login("127.0.0.3", RIGHT, 0)).isEqualTo(200);
    }

    static Stream<Proxy> proxiesWithLimits() {
        return Nightly.cases(Stream.of(Proxy.NGINX, Proxy.HAPROXY));
    }

    /** The others leave it to the application, which refuses such requests before their bodies. */
    @ParameterizedTest
    @MethodSource("proxiesWithLimits")
    void keepsLargeBodiesFromEverythingButUploads(final Proxy kind) throws Exception {
        start(kind);
        try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
            client.send("POST / HTTP/1.1\r\nHost: backup.example.org\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(client.readFinal().status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void leavesMethodAndSizeOfUploadsToTheApplicationWhichNeedNotWaitForTheBody(final Proxy kind) throws Exception {
        start(kind);
        for (final String start : List.of("OPTIONS /files/", "DELETE /files/a", "POST /files", "PATCH /files/a",
                "DELETE /upload-resources/a", "PATCH /upload-resources/a", "POST /upload")) {
            final String head = start + " HTTP/1.1\r\nHost: backup.example.org\r\nContent-Length: "
                    + (start.startsWith("P") ? 10 * MIB : 0) + "\r\n\r\n";
            final int direct;
            try (RawConnection client = new RawConnection(plain("127.0.0.2", server.port()))) {
                client.send(head);
                direct = client.readFinal().status();
            }
            try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
                client.send(head);
                assertThat(client.readFinal().status()).as(start).isEqualTo(direct);
            }
        }
    }

    /** tus and the IETF's draft, each as its clients begin, ask, go on and cancel. */
    @ParameterizedTest
    @MethodSource("proxies")
    void resumesWhereAnUploadBrokeOff(final Proxy kind) throws Exception {
        start(kind);
        resumes("POST /files", "Tus-Resumable: 1.0.0\r\nUpload-Length: " + 2 * MIB + "\r\nUpload-Metadata: filename YS5iaW4=",
                "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream", 204);
        Files.delete(box.resolve("a.bin"));
        resumes("PUT /upload/a.bin", "Upload-Complete: ?0\r\nUpload-Length: " + 2 * MIB,
                "Upload-Complete: ?1\r\nContent-Type: application/partial-upload", 200);
    }

    private void resumes(final String start, final String beginning, final String goingOn, final int stored) throws Exception {
        final String half = "x".repeat(MIB);
        final String upload = begin(start, beginning);
        try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
            final String all = goingOn + "\r\nUpload-Offset: 0\r\nContent-Length: " + 2 * MIB;
            client.send(request("PATCH " + upload, RIGHT + "\r\n" + all) + half);
            // Not before it has passed the proxy: what comes in whole or not at all cannot be resumed
            await().until(() -> bytesIn(box) >= MIB);
        }
        await().until(() -> ask("HEAD " + upload, goingOn.replace("Upload-Complete: ?1\r\n", "")).headers().get("upload-offset"),
                Integer.toString(MIB)::equals);
        assertThat(ask("PATCH " + upload, goingOn + "\r\nUpload-Offset: " + MIB + "\r\nContent-Length: " + MIB, half).status())
                .isEqualTo(stored);
        assertThat(box.resolve("a.bin")).hasContent(half + half);

        final String cancelled = begin(start.replace("a.bin", "b.bin"), beginning.replace("YS5iaW4=", "Yi5iaW4="));
        assertThat(ask("DELETE " + cancelled, "Tus-Resumable: 1.0.0").status()).isEqualTo(204);
        assertThat(ask("PATCH " + cancelled, goingOn + "\r\nUpload-Offset: 0\r\nContent-Length: 0").status()).isEqualTo(404);
    }

    /** @return the path of what was made */
    private String begin(final String start, final String headers) throws IOException {
        final RawConnection.Answer begun = ask(start, headers + "\r\nContent-Length: 0");
        assertThat(begun.status()).isEqualTo(201);
        final URI location = URI.create(begun.headers().get("location"));
        assertThat(location.isAbsolute() || location.getPath().startsWith("/")).as(location.toString()).isFalse();
        return URI.create(start.substring(start.indexOf('/'))).resolve(location).toString();
    }

    private RawConnection.Answer ask(final String start, final String headers, final String... body) throws IOException {
        try (RawConnection client = new RawConnection(secure("127.0.0.2"))) {
            return client.send(request(start, RIGHT + "\r\n" + headers) + String.join("", body)).readFinal();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NGINX")
    void aClientThatPassesTheProxyByCannotClaimAnotherAddress(final Proxy kind) throws Exception {
        start(kind);
        for (int i = 0; i <= FAILURES_ALLOWED; i++) {
            try (RawConnection client = new RawConnection(plain("127.0.0.4", server.port()))) {
                client.send(head("a.bin", WRONG, "Content-Length: 1\r\nX-Forwarded-For: 192.0.2." + i) + "x");
                assertThat(client.readFinal().status()).isEqualTo(i < FAILURES_ALLOWED ? 403 : 429);
            }
        }
    }

    /** With a limit as others set it: tus-js-client sends pieces that keep to it. 1 GiB: {@code -Dproxies.pieces.mib=1024}. */
    @ParameterizedTest
    @EnumSource(names = "NGINX")
    void whatIsLargerThanTheProxyAllowsArrivesInPieces(final Proxy kind) throws Exception {
        start(kind, Map.of("client_max_body_size 0", "client_max_body_size 10m"));
        final long size = (long) PIECES_MIB * MIB;
        try (Socket socket = secure("127.0.0.2"); RawConnection whole = new RawConnection(socket)) {
            whole.send(head("whole.bin", RIGHT, "Content-Length: " + size));
            assertThat(whole.readFinal().status()).as("in one request").isEqualTo(413);
        }
        final Path file = directory.resolve("backup.bin");
        final Process random = new ProcessBuilder("head", "-c", Long.toString(size), "/dev/urandom").redirectOutput(file.toFile()).start();
        assertThat(random.waitFor()).isZero();
        final Path client = Files.createDirectory(directory.resolve("client"));
        for (final String name : List.of("package.json", "package-lock.json", "upload.mjs")) {
            Files.copy(CLIENTS.resolve(name), client.resolve(name));
        }
        run(client, "npm", "ci", "--silent", "--no-audit", "--no-fund");

        run(client, "node", "upload.mjs", "https://127.0.0.1:" + proxy.port() + "/files/", file.toString(), Integer.toString(PIECE),
                "{\"Username\": \"bob\", \"Password\": \"" + ServerProcess.BOBS_PASSWORD + "\"}");

        assertThat(Files.mismatch(file, box.resolve("backup.bin"))).as("where what is stored differs").isEqualTo(-1);
        assertThat(bytesIn(directory.resolve("proxy"))).as("files of the proxy").isLessThan(MIB);
        System.out.println(kind + " let " + size + " bytes through in pieces of " + PIECE);
    }

    private void run(final Path in, final String... command) throws Exception {
        final ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true)
                .redirectOutput(in.resolve("output").toFile());
        builder.environment().put("NODE_EXTRA_CA_CERTS", proxy.certificate().toString());
        final int status = builder.start().waitFor();
        assertThat(status).as(Files.readString(in.resolve("output"))).isZero();
    }

    private int login(final String from, final String credentials, final int claim) throws Exception {
        try (RawConnection client = new RawConnection(secure(from))) {
            client.send(head("login" + claim, credentials, "Content-Length: 1\r\nX-Forwarded-For: 192.0.2." + claim) + "x");
            return client.readFinal().status();
        }
    }

    private static String head(final String name, final String credentials, final String headers) {
        return request("PUT /upload/" + name, credentials + "\r\n" + headers);
    }

    private static String request(final String start, final String headers) {
        return start + " HTTP/1.1\r\nHost: backup.example.org\r\n" + headers + "\r\n\r\n";
    }

    private Socket secure(final String from) throws IOException {
        return tls.getSocketFactory().createSocket(plain(from, proxy.port()), "backup.example.org", proxy.port(), true);
    }

    private static Socket plain(final String from, final int to) throws IOException {
        final Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", to));
        return socket;
    }

    private static boolean isEmpty(final Path box) throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.findAny().isEmpty();
        }
    }

    private static long bytesIn(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** Of all of the proxy's processes together. */
    private long mostMemoryInKib() throws IOException {
        long sum = 0;
        for (final ProcessHandle process : Stream.concat(Stream.of(proxy.process().toHandle()), proxy.process().descendants()).toList()) {
            final List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"));
            sum += lines.stream().filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        }
        return sum;
    }
}
