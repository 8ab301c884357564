package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The upload page for people without a user name, in a real Chromium that solves the challenges; over plain HTTP from a
 * host that is not this one, where browsers have no {@code crypto.subtle}.
 */
class AnonymousPageIT {

    @TempDir
    private static Path directory;
    private static PageServer server;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() throws IOException {
        server = new PageServer(directory, "--anonymous-dir", "alice", "--anonymous-uploads-per-hour", "8",
                "--trusted-proxies", "127.0.0.1");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @Test
    void solvesAheadAndSendsEachFileWithASolutionOfItsOwn(@TempDir final Path profile) throws Exception {
        try (Browser browser = open(profile, true)) {
            assertThat(browser.driver().executeScript("return isSecureContext || crypto.subtle !== undefined")).isEqualTo(false);
            assertThat(browser.text("#optional")).isEqualTo("You may leave both empty; a file may have up to 400 MiB then.");
            browser.choose(Stream.iterate(0, i -> i + 1).limit(5).map(i -> file(i + ".txt")).toArray(Path[]::new));
            browser.until(solved -> browser.text("#proof").equals("Your device has proved that it is no robot."));
            assertThat(browser.find("#proof").getDomAttribute("role")).isEqualTo("status");
            assertThat(browser.barriers()).isEmpty();
            browser.picture("anonymous");
            assertThat(server.names()).isEmpty();

            browser.find("#start").click();
            browser.untilRows(5, "done");

            browser.until(clean -> server.names().equals(Set.of("0.txt", "1.txt", "2.txt", "3.txt", "4.txt")));

            browser.choose(file("0.txt"));
            browser.find("#start").click();
            browser.until(stored -> browser.findAll(".row .name").stream()
                    .anyMatch(name -> name.getText().matches("0\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.txt")));
            assertThat(browser.complaints()).isEmpty();

            browser.choose(file("6.txt"), file("7.txt"), file("8.txt"));
            browser.find("#start").click();
            browser.until(refused -> browser.text("#login-alert").contains("limit 8 files an hour"));
            browser.untilRows(1, "waiting");
            browser.until(clean -> server.names().size() == 8);
        }
    }

    @Test
    void saysWhatToDoWhereThereIsNoScript(@TempDir final Path profile) throws Exception {
        try (Browser browser = open(profile, false)) {
            assertThat(browser.text(".login")).contains("JavaScript is off here").doesNotContain("leave both empty");
            browser.choose(file("plain.txt"));
            browser.find("#start").click();
            browser.until(answered -> !browser.findAll("#answer").isEmpty());

            assertThat(browser.text("#answer")).contains("Nothing was stored", "only where JavaScript is on");
            assertThat(server.names()).doesNotContain("plain.txt");
            browser.picture("anonymous-plain");
        }
    }

    private static Browser open(final Path profile, final boolean javaScript) {
        final Browser browser = Browser.start(profile, javaScript);
        browser.open(server.url().replace("127.0.0.1", PageServer.INSECURE_HOST));
        if (javaScript) {
            browser.until(ready -> !browser.findAll("html[data-script=ready]").isEmpty());
        }
        return browser;
    }

    private Path file(final String name) {
        try {
            return Files.writeString(files.resolve(name), "content of " + name);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
