package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uppy on a page of another origin, which one server names in {@code cors-origins} and another does not. */
class UppyIT {

    private static final String CONTENT = "content";
    private static final String DIGEST = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
    private static final String DIGEST_IN_BASE64 = "sha-256=:7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=:";

    @TempDir
    private static Path directory;
    private static HttpServer elsewhere;
    private static Browser chromium;
    private static PageServer sharing;
    private static PageServer other;

    @BeforeAll
    static void start() throws IOException {
        chromium = Browser.start(Files.createDirectory(directory.resolve("chromium")), true);
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        final byte[] page = ("<!DOCTYPE html><meta charset=utf-8><script>" + bundle() + "</script>").getBytes(StandardCharsets.UTF_8);
        elsewhere.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        elsewhere.start();
        sharing = new PageServer(Files.createDirectory(directory.resolve("sharing")), "--cors-origins",
                origin("127.0.0.1") + "," + origin("localhost"));
        other = new PageServer(Files.createDirectory(directory.resolve("other")));
    }

    /** With the packages that the page's own script is made of, too. */
    private static String bundle() throws IOException {
        final Path page = Path.of(System.getProperty("page.directory"));
        final Process esbuild = new ProcessBuilder(page.resolve("node_modules/.bin/esbuild").toString(), "--bundle", "--minify",
                "--log-level=warning").directory(page.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var script = UppyIT.class.getResourceAsStream("/uppy.js"); var in = esbuild.getOutputStream()) {
            script.transferTo(in);
        }
        return new String(esbuild.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("</script", "<\\/script");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        chromium.close();
        elsewhere.stop(0);
        sharing.stop();
        other.stop();
    }

    @BeforeEach
    void emptyTheBox() throws IOException {
        sharing.emptyTheBox();
    }

    @ParameterizedTest
    @CsvSource({"tus, 127.0.0.1", "tus, localhost", "xhr, 127.0.0.1", "xhr, localhost"})
    void uploadsFromAPageThatIsNamed(final String plugin, final String host) {
        final JSONObject told = upload(sharing, plugin, host, CONTENT);

        assertThat(told.getInt("stored")).as(told.toString()).isEqualTo(1);
        assertThat(sharing.box().resolve("a.txt")).hasContent(CONTENT);
        if (plugin.equals("tus")) {
            assertThat(told.getString("digest")).isEqualTo(DIGEST_IN_BASE64);
        } else {
            final JSONObject receipt = told.getJSONObject("body").getJSONArray("files").getJSONObject(0);
            assertThat(receipt.getString("name")).isEqualTo("a.txt");
            assertThat(receipt.getString("sha256")).isEqualTo(DIGEST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void readsWhyAFileIsRefused(final String host) {
        assertThat(upload(sharing, "xhr", host, CONTENT).getInt("stored")).isEqualTo(1);
        final JSONObject told = upload(sharing, "xhr", host, "something else");

        assertThat(told.getInt("failed")).isEqualTo(1);
        assertThat(new JSONObject(told.getString("refusal")).getInt("status")).isEqualTo(409);
        assertThat(sharing.box().resolve("a.txt")).hasContent(CONTENT);
    }

    @ParameterizedTest
    @CsvSource({"tus, 127.0.0.1", "tus, localhost", "xhr, 127.0.0.1", "xhr, localhost"})
    void storesNothingFromAPageThatIsNotNamed(final String plugin, final String host) {
        final JSONObject told = upload(other, plugin, host, CONTENT);

        assertThat(told.getInt("stored")).isZero();
        assertThat(told.getInt("failed")).isEqualTo(1);
        assertThat(told.optString("refusal")).isEmpty();
        assertThat(other.names()).isEmpty();
    }

    private static JSONObject upload(final PageServer server, final String plugin, final String host, final String content) {
        chromium.open(origin(host) + "/");
        chromium.until(ready -> "ready".equals(chromium.driver().getTitle()));
        final Map<String, String> headers = Map.of("Authorization", "Basic "
                + Base64.getEncoder().encodeToString(("alice:" + PageServer.PASSWORD).getBytes(StandardCharsets.UTF_8)));
        final List<Object> arguments = List.of(plugin, server.url(), headers, "a.txt", content);
        return new JSONObject((String) chromium.driver().executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                upload(...[...arguments].slice(0, -1)).then((told) => done(JSON.stringify(told)), (fault) => done(String(fault)));
                """, arguments.toArray()));
    }

    private static String origin(final String host) {
        return "http://" + host + ":" + elsewhere.getAddress().getPort();
    }
}
