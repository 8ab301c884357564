package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.dropzonebackup.core.Prerequisite;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with the alerts that are shipped. */
class PrometheusIT {

    private static final Path RULES = MetricsIT.SHIPPED.resolve("dropzone-rules.yml").toAbsolutePath();
    private static final Pattern ADDRESS = Pattern.compile("msg=\"Listening on\" address=(\\S+)");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsPrometheus() {
        Prerequisite.programs("promtool", "prometheus");
    }

    @Test
    void eachAlertFiresWhenItShould() throws Exception {
        final Process test = new ProcessBuilder("promtool", "test", "rules", MetricsIT.SHIPPED.resolve("dropzone-rules-test.yml").toString())
                .redirectErrorStream(true).start();

        assertThat(new String(test.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("SUCCESS").doesNotContain("FAILED");
        assertThat(test.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aScrapeOfAFullDiskAndALateBackupRaisesTheAlarms() throws Exception {
        final ServerProcess server = FreshnessIT.startWithBobWhoIsDown(Files.createDirectory(directory.resolve("server")),
                "--metrics-token", MetricsIT.TOKEN, "--free-space-reserve", "1000000 TB");
        final Process prometheus = startPrometheus(server.port());
        try {
            final URI address = URI.create("http://" + await().atMost(SOON).until(this::address, Matcher::find).group(1));
            await().atMost(SOON).untilAsserted(() -> assertThat(alerts(address)).contains("DropzoneDiskFull firing", "DropzoneBackupDown firing"));
            assertThat(client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/health")).build(),
                    BodyHandlers.ofString()).body()).isEqualTo("{\"status\":\"full\"}\n");
            assertThat(ask(address.resolve("/api/v1/query?query=up")).toString()).contains("\"1\"");
        } finally {
            prometheus.toHandle().destroy();
            prometheus.waitFor();
            server.stop();
        }
    }

    private Process startPrometheus(final int port) throws IOException {
        final Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs:
                  - job_name: dropzone
                    authorization: {credentials: %s}
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(RULES, MetricsIT.TOKEN, port));
        return new ProcessBuilder("prometheus", "--config.file=" + configuration, "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:0").redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
    }

    private Matcher address() throws IOException {
        return ADDRESS.matcher(Files.readString(directory.resolve("log")));
    }

    private List<String> alerts(final URI address) throws Exception {
        return StreamSupport.stream(ask(address.resolve("/api/v1/alerts")).getJSONArray("alerts").spliterator(), false).map(JSONObject.class::cast)
                .map(alert -> alert.getJSONObject("labels").getString("alertname") + " " + alert.getString("state")).toList();
    }

    private JSONObject ask(final URI address) throws Exception {
        return new JSONObject(client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body()).getJSONObject("data");
    }
}
