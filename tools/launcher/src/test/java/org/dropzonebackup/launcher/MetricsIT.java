package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told to whoever has the token, and to nobody else. */
class MetricsIT {

    static final Path SHIPPED = Path.of("../../tomcat-conf/monitoring");
    static final String TOKEN = "0123456789abcdef";
    private static final String BEARER = "Authorization: Bearer " + TOKEN + "\r\n";
    private static final String BOB = "Username: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)})? (\\S+)$");

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "--metrics-token", TOKEN, "--trusted-proxies", "127.0.0.1", "--max-file-size", "1000",
                "--on-event", "/bin/true");
        Files.writeString(server.usersFile(), "bob.expect-every = 1 d\n", StandardOpenOption.APPEND);
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    private static Answer ask(final String line, final String headers, final String body) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(line + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .readFinal();
        }
    }

    private static String text() throws IOException {
        final Answer answer = ask("GET /metrics", BEARER, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** The value of a series that is there. */
    private static double value(final String series) throws IOException {
        return Double.parseDouble(Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(text()).results()
                .findFirst().orElseThrow(() -> new AssertionError("there is no " + series)).group(1));
    }

    @ParameterizedTest
    @CsvSource({"'', 401", "Bearer, 401", "Bearer 0123456789abcdeF, 401", "Basic 0123456789abcdef, 401", "bearer  0123456789abcdef, 200"})
    void onlyTheTokenLetsIn(final String authorization, final int status) throws IOException {
        final Answer answer = ask("GET /metrics", "X-Forwarded-For: 192.0.2.1\r\nAuthorization: " + authorization + "\r\n", "");

        assertThat(answer.status()).isEqualTo(status);
        if (status == 401) {
            assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
            assertThat(answer.body()).doesNotContain("dropzone_");
        }
    }

    @Test
    void guessesLockOutTheirAddress() throws IOException {
        final String from = "X-Forwarded-For: 192.0.2.2\r\n";
        for (int i = 0; i < 11; i++) {
            assertThat(ask("GET /metrics", from + "Authorization: Bearer guess" + i + "\r\n", "").status()).isEqualTo(401);
        }

        final Answer refused = ask("GET /metrics", from + BEARER, "");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsKey("retry-after");
        assertThat(text()).contains("dropzone_");
    }

    @Test
    void onlyReads() throws Exception {
        assertThat(ask("POST /metrics", BEARER, "x").status()).isEqualTo(405);
        final HttpRequest head = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                .header("Authorization", "Bearer " + TOKEN).method("HEAD", BodyPublishers.noBody()).build();
        final HttpResponse<String> answer = HttpClient.newHttpClient().send(head, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void speaksOpenMetricsToWhoAsksForIt() throws IOException {
        final Answer answer = ask("GET /metrics", BEARER + "Accept: application/vnd.google.protobuf;encoding=delimited;q=0.6,"
                + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.1\r\n", "");

        assertThat(answer.headers().get("content-type")).startsWith("application/openmetrics-text");
        assertThat(answer.body()).contains("# UNIT dropzone_free_space_reserve_bytes bytes\n").endsWith("# EOF\n");
    }

    @Test
    void countsUploadsByWayInAndOutcome() throws IOException {
        final Map<String, Double> before = samples();

        ask("PUT /upload/raw", BOB, "12345");
        ask("PUT /upload/raw", BOB, "12345");
        ask("PUT /upload/large", BOB, "x".repeat(1001));
        ask("POST /upload", BOB + "Content-Type: multipart/form-data; boundary=b\r\n",
                "--b\r\nContent-Disposition: form-data; name=f; filename=form\r\n\r\nx\r\n--b--\r\n");
        ask("POST /files", BOB + "Tus-Resumable: 1.0.0\r\nUpload-Length: 1\r\nContent-Type: application/offset+octet-stream\r\n"
                + "Upload-Metadata: filename " + Base64.getEncoder().encodeToString("tus".getBytes(StandardCharsets.UTF_8)) + "\r\n", "x");
        ask("PUT /upload/draft", BOB + "Upload-Complete: ?1\r\n", "x");

        final Map<String, Double> after = samples();
        after.replaceAll((series, value) -> value - before.getOrDefault(series, 0.0));
        assertThat(after.entrySet().stream().filter(counted -> counted.getKey().startsWith("dropzone_uploads_total") && counted.getValue() > 0)
                .map(Map.Entry::toString)).containsExactlyInAnyOrder(
                uploads("raw", "stored", "200"), uploads("raw", "refused", "409"), uploads("raw", "refused", "413"),
                uploads("form", "stored", "200"), uploads("tus", "stored", "200"), uploads("draft", "stored", "200"));
        assertThat(after).containsEntry("dropzone_upload_duration_seconds_count{way=\"raw\"}", 1.0)
                .containsEntry("dropzone_upload_durable_seconds_count{}", 4.0)
                .containsEntry("dropzone_refusals_drained_total{}", 2.0).containsEntry("dropzone_journal_entries{}", 4.0)
                .containsEntry("dropzone_logins_total{outcome=\"accepted\"}", 6.0)
                .containsEntry("dropzone_uploads_in_progress{}", 0.0);
        assertThat(after.get("dropzone_upload_received_bytes_total{}")).isGreaterThan(7);
        assertThat(after.get("dropzone_sync_duration_seconds_count{target=\"file\"}")).isGreaterThanOrEqualTo(4);
        assertThat(after.get("dropzone_sync_duration_seconds_count{target=\"journal\"}")).isGreaterThanOrEqualTo(4);
    }

    private static String uploads(final String way, final String outcome, final String status) {
        return "dropzone_uploads_total{outcome=\"" + outcome + "\",status=\"" + status + "\",way=\"" + way + "\"}=1.0";
    }

    private static Map<String, Double> samples() throws IOException {
        return SAMPLE.matcher(text()).results().collect(Collectors.toMap(
                sample -> sample.group(1) + "{" + (sample.group(2) == null ? "" : sample.group(2)) + "}",
                sample -> Double.parseDouble(sample.group(3)), (one, other) -> one, TreeMap::new));
    }

    @Test
    void namesNoStranger() throws IOException {
        ask("PUT /upload/stranger", "Username: stranger\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n", "x");
        ask("PUT /upload/stranger", "Username: stran\"ger\\n\r\nPassword: stranger\r\n", "x");

        assertThat(value("dropzone_logins_total{outcome=\"wrong\"}")).isGreaterThanOrEqualTo(2);
        assertThat(text()).contains("user=\"carol\"").doesNotContain("stran");
    }

    private static Map<String, String> listed() throws IOException {
        final Map<String, String> listed = new TreeMap<>();
        for (final String line : Files.readAllLines(SHIPPED.resolve("README.md"))) {
            final String[] cells = line.split("\\|");
            if (line.startsWith("| `") && cells.length > 3 && cells[2].matches(" (counter|gauge|histogram|summary) ")) {
                quoted(cells[1]).forEach(name -> listed.put(name, cells[2].strip() + " "
                        + quoted(cells[3].replaceAll("\\([^)]*\\)", ""))));
            }
        }
        return listed;
    }

    /** Of what the JVM and the system have to offer, there may be less. */
    @Test
    void theListIsComplete() throws IOException {
        final Map<String, String> listed = listed();
        ask("PUT /upload/listed", BOB, "x");
        await().atMost(Duration.ofMinutes(1)).until(() -> text().contains("dropzone_user_last_stored_timestamp_seconds{"));
        final String text = text();
        final Map<String, String> told = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(text).results()
                .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2) + " " + labels(type.group(1), text)));

        assertThat(listed).containsAllEntriesOf(told);
        assertThat(told.keySet()).containsAll(listed.keySet().stream().filter(name -> name.startsWith("dropzone_")).toList());
    }

    private static TreeSet<String> quoted(final String cell) {
        return Pattern.compile("`([^`]+)`").matcher(cell).results().map(name -> name.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> labels(final String metric, final String text) {
        return Pattern.compile("(?m)^" + metric + "(?:_bucket|_count|_sum)?\\{(.*)}").matcher(text).results().map(MatchResult::group)
                .flatMap(series -> Pattern.compile("[{,]([a-z]+)=\"").matcher(series).results()).map(label -> label.group(1))
                .filter(label -> !label.equals("le")).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void promtoolFindsNothingWrong() throws Exception {
        Prerequisite.programs("promtool");
        final Path file = Files.writeString(directory.resolve("metrics.txt"), text());
        final Process check = new ProcessBuilder("promtool", "check", "metrics").redirectInput(file.toFile())
                .redirectErrorStream(true).start();

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).isZero();
    }
}
