package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The upload page while the network, the server and the person come and go, in a real Chromium. */
class ResumingPageIT {

    private static final int SIZE = 30_000_000;
    private static final int CHUNK = 4_000_000;
    private static final int SLOW = 6_000_000;

    @TempDir
    private static Path directory;
    @AutoClose("stop")
    private static OpenPage page;
    private static PageServer server;
    private static Browser browser;

    @TempDir
    private Path files;
    private Path large;

    @BeforeAll
    static void start() throws IOException {
        page = OpenPage.start(directory, true, "--page-chunk-size", Integer.toString(CHUNK));
        server = page.server();
        browser = page.browser();
    }

    /** Opens the page and sends a file until some of it is kept by the server. */
    @BeforeEach
    void sendSomeOfALargeFile() throws IOException {
        server.emptyTheBox();
        large = files.resolve("large.bin");
        final byte[] content = new byte[SIZE];
        new Random(7).nextBytes(content);
        Files.write(large, content);
        browser.limitUpload(0);
        page.open();
        browser.driver().executeScript("""
                const open = XMLHttpRequest.prototype.open;
                const send = XMLHttpRequest.prototype.send;
                window.requests = [];
                XMLHttpRequest.prototype.open = function (method, url) {
                  this.method = method;
                  open.apply(this, arguments);
                };
                XMLHttpRequest.prototype.send = function (body) {
                  window.requests.push(this.method);
                  window.largest = Math.max(window.largest || 0, body ? body.size : 0);
                  send.apply(this, arguments);
                };
                """);
        browser.choose(large);
        browser.login("alice", PageServer.PASSWORD);
        browser.limitUpload(SLOW);
        browser.find("#start").click();
        browser.until(some -> staged() > CHUNK);
    }

    @Test
    void pausesAndGoesOn() throws Exception {
        browser.find(".row .pause").sendKeys(Keys.ENTER);
        browser.untilRows(1, "paused");
        assertThat(browser.text(".row .facts")).contains("paused", "/ 28.6 MiB");
        assertThat(browser.text(".row .pause")).isEqualTo("Resume");
        assertThat(browser.find(".row .pause").getDomAttribute("aria-label")).isEqualTo("Resume: large.bin");
        assertThat(browser.text("#news")).isEqualTo("large.bin is paused.");
        assertThat(browser.find("#pause-all").isDisplayed()).isFalse();
        assertThat(browser.barriers()).isEmpty();
        browser.picture("paused");

        browser.find("#resume-all").click();
        browser.untilRows(1, "sending");
        assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id")).isEqualTo("pause-all");
        arrivesWithoutStartingAnew();
        assertThat(browser.driver().executeScript("return window.largest")).isEqualTo((long) CHUNK);
    }

    /** Until then its address is known, and the page would go on with an upload that vanishes. */
    @Test
    void beginsAnewOnceACancellationIsAnswered() throws Exception {
        browser.driver().executeScript("""
                const send = XMLHttpRequest.prototype.send;
                XMLHttpRequest.prototype.send = function (body) {
                  if (this.method === 'DELETE' && !window.release) {
                    window.release = () => send.call(this, body);
                  } else {
                    send.call(this, body);
                  }
                };
                """);
        browser.find(".row .remove").click();
        browser.untilRows(1, "waiting");
        browser.limitUpload(0);
        browser.find("#start").click();
        browser.untilRows(1, "queued");
        browser.driver().executeScript("window.release()");
        browser.untilRows(1, "done");
        assertThat((List<?>) browser.driver().executeScript("return window.requests")).map(String::valueOf)
                .contains("DELETE").doesNotContain("HEAD");
        assertThat(server.box().resolve("large.bin")).hasSize(SIZE);
    }

    @Test
    void waitsForTheNetworkAndGoesOn() throws Exception {
        browser.unplug();
        browser.untilRows(1, "stalled");
        assertThat(browser.text(".row .facts")).contains("waiting for the network");
        assertThat(browser.text("#news")).isEqualTo("large.bin is waiting and goes on by itself.");
        assertThat(browser.barriers()).isEmpty();
        browser.picture("waiting-for-the-network");

        browser.limitUpload(SLOW);
        browser.untilRows(1, "sending");
        arrivesWithoutStartingAnew();
    }

    @Test
    void waitsForAServerThatIsStartedAgainAndGoesOn() throws Exception {
        server.stop();
        browser.untilRows(1, "stalled");
        assertThat(browser.text(".row .facts")).contains("waiting for the server");
        assertThat(browser.barriers()).isEmpty();
        browser.picture("waiting-for-the-server");
        assertThat(staged()).isGreaterThanOrEqualTo(CHUNK);

        server.start();
        arrivesWithoutStartingAnew();
    }

    /** As of a proxy that has lost its server, or a container whose application is being replaced. */
    @Test
    void doesNotBeginAnewBecauseSomebodyElseFindsNothing() throws Exception {
        server.stop();
        browser.untilRows(1, "stalled");
        final AtomicInteger asked = new AtomicInteger();
        final HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", URI.create(server.url()).getPort()), 0);
        other.createContext("/", request -> {
            asked.incrementAndGet();
            request.sendResponseHeaders(404, -1);
            request.close();
        });
        other.start();
        try {
            browser.until(told -> asked.get() > 1);
        } finally {
            other.stop(0);
        }
        assertThat(browser.findAll(".row[data-state=stalled]")).hasSize(1);

        server.start();
        arrivesWithoutStartingAnew();
    }

    @Test
    void goesOnAfterTheSameFileIsPickedAgain() throws Exception {
        final String kept = (String) browser.driver().executeScript("return JSON.stringify(localStorage)");
        assertThat(kept).contains("large.bin", "/files/").doesNotContain(PageServer.PASSWORD, "Basic");
        browser.find("#pause-all").click();
        browser.untilRows(1, "paused");
        final long before = staged();
        page.open();
        browser.limitUpload(0);
        browser.choose(large);
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(1, "done");

        assertThat(before).isGreaterThanOrEqualTo(CHUNK);
        final Object sent = browser.driver().executeScript("""
                return performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/files')).length
                """);
        assertThat(sent).isEqualTo(0L);
        isThere();
        assertThat(browser.driver().executeScript("return localStorage.length")).isEqualTo(0L);
    }

    @Test
    void sendsByWhatWasTypedWhenItBegan() throws Exception {
        browser.login("bob", "half of a passw");
        arrivesWithoutStartingAnew();
    }

    private void arrivesWithoutStartingAnew() throws Exception {
        browser.limitUpload(0);
        browser.untilRows(1, "done");
        @SuppressWarnings("unchecked")
        final List<String> requests = (List<String>) browser.driver().executeScript("return window.requests");
        assertThat(requests.stream().filter("POST"::equals)).hasSize(1);
        isThere();
    }

    private void isThere() throws Exception {
        assertThat(Files.mismatch(server.box().resolve("large.bin"), large)).isEqualTo(-1);
        assertThat(browser.text(".row .digest code")).isEqualTo(PageIT.sha256(large));
    }

    /** Bytes that the server has of the file. */
    private static long staged() {
        try (Stream<Path> stored = Files.list(server.box())) {
            return stored.filter(file -> file.getFileName().toString().endsWith(".upload.~tmp"))
                    .mapToLong(file -> file.toFile().length()).max().orElse(0);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
