package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dropzonebackup.core.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The upload page in a real Firefox, by night without its script and without a name too. */
class FirefoxIT {

    @TempDir
    private Path directory;

    @Test
    void sendsFilesWithTheScript() throws Exception {
        final PageServer server = new PageServer(Files.createDirectory(directory.resolve("server")));
        try (Firefox firefox = Firefox.start(Files.createDirectory(directory.resolve("profile")), true)) {
            firefox.open(server.url());
            firefox.until("document.documentElement.dataset.script === 'ready'");
            firefox.choose("#files", file("a.txt", "content"), file("kettő €.txt", "second"));
            firefox.type("#username", "alice");
            firefox.type("#password", PageServer.PASSWORD);
            firefox.click("#start");
            firefox.until("document.querySelectorAll('.row[data-state=done]').length === 2");
            assertThat(firefox.evaluate("document.querySelector('.row .digest code').textContent")).isEqualTo(
                    "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
            assertThat(server.box().resolve("kettő €.txt")).hasContent("second");
            assertThat(firefox.complaints()).isEmpty();
            firefox.picture("firefox");
        } finally {
            server.stop();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void solvesAChallengeForWhoHasNoName() throws Exception {
        final PageServer server =
                new PageServer(Files.createDirectory(directory.resolve("server")), "--anonymous-dir", "alice");
        try (Firefox firefox = Firefox.start(Files.createDirectory(directory.resolve("profile")), true)) {
            firefox.open(server.url());
            firefox.until("document.documentElement.dataset.script === 'ready'");
            firefox.choose("#files", file("a.txt", "content"));
            firefox.click("#start");
            firefox.until("document.querySelectorAll('.row[data-state=done]').length === 1");
            assertThat(server.box().resolve("a.txt")).hasContent("content");
            assertThat(firefox.complaints()).isEmpty();
        } finally {
            server.stop();
        }
    }

    /** From a host that browsers do not trust: they tell it the origin of a form and no more. */
    @Test
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void sendsTheFormWithoutTheScript() throws Exception {
        final PageServer server = new PageServer(Files.createDirectory(directory.resolve("server")));
        try (Firefox firefox = Firefox.start(Files.createDirectory(directory.resolve("profile")), false)) {
            firefox.open(server.url().replace("127.0.0.1", PageServer.INSECURE_HOST));
            assertThat(firefox.evaluate("document.documentElement.dataset.script === undefined")).isEqualTo(true);
            firefox.choose("#files", file("a.txt", "content"));
            firefox.type("#username", "alice");
            firefox.type("#password", PageServer.PASSWORD);
            firefox.click("#start");
            firefox.until("document.querySelector('#answer .row[data-state=done]') !== null");
            assertThat(server.box().resolve("a.txt")).hasContent("content");
            assertThat(firefox.complaints()).isEmpty();
            firefox.picture("firefox-plain");
        } finally {
            server.stop();
        }
    }

    private Path file(final String name, final String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }
}
