package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dropzonebackup.core.Nightly;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page of another site, opened by somebody whose browser can reach a box that takes files from everybody. */
class ForeignPageIT {

    /**
     * Sends without being allowed to see the answer, as any page may: as it is, without a referrer, and once more from a
     * sandboxed frame of itself. Browsers name the origin "null" for the latter two.
     */
    private static final String PAGE = """
            <!DOCTYPE html><title>foreign</title><script>
            const target = new URLSearchParams(location.search).get('target');
            const form = new FormData();
            form.append('file', new Blob(['x']), 'form.txt');
            const all = [['upload', 'x'], ['upload', form], ['upload/raw.txt', 'x'], ['files/', 'x'], ['upload.xhtml', form]];
            const send = (referrerPolicy) => Promise.all(
                all.map(([path, body]) => fetch(target + path, { method: 'POST', mode: 'no-cors', referrerPolicy, body })));
            const sandboxed = () => new Promise((resolve) => {
              const frame = document.createElement('iframe');
              frame.sandbox = 'allow-scripts';
              frame.src = location.href;
              addEventListener('message', resolve);
              document.documentElement.append(frame);
            });
            if (parent === window) {
              send('').then(() => send('no-referrer')).then(sandboxed).then((sent) => {
                document.title = sent.data;
              });
            } else {
              send('').then(() => parent.postMessage('all sent', '*'));
            }
            </script>
            """;
    private static final String ALL_SENT = "all sent";

    @TempDir
    private static Path directory;
    private static PageServer server;
    private static HttpServer elsewhere;
    private static Browser chromium;

    @BeforeAll
    static void start() throws IOException {
        server = new PageServer(Files.createDirectory(directory.resolve("server")), "--anonymous-dir", "alice", "--anonymous-challenge", "off");
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            final byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        elsewhere.start();
        chromium = Browser.start(Files.createDirectory(directory.resolve("chromium")), true);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (chromium != null) {
            chromium.close();
        }
        elsewhere.stop(0);
        server.stop();
    }

    /** To a host that browsers trust they say from which site; to others only from which origin. */
    @ParameterizedTest
    @CsvSource({"localhost, 127.0.0.1", "127.0.0.1, 127.0.0.1", PageServer.INSECURE_HOST + ", " + PageServer.INSECURE_HOST,
            "127.0.0.1, " + PageServer.INSECURE_HOST})
    void writesNothingThroughChromium(final String from, final String to) {
        chromium.open(page(from, to));
        chromium.until(sent -> ALL_SENT.equals(chromium.driver().getTitle()));
        assertThat(server.names()).isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void writesNothingThroughFirefox() throws Exception {
        try (Firefox firefox = Firefox.start(Files.createDirectory(directory.resolve("profile")), true)) {
            firefox.open(page("localhost", "127.0.0.1"));
            firefox.until("document.title === '" + ALL_SENT + "'");
            assertThat(server.names()).isEmpty();
        }
    }

    private static String page(final String from, final String to) {
        return "http://" + from + ":" + elsewhere.getAddress().getPort() + "/?target=" + server.url().replace("127.0.0.1", to);
    }
}
