package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The upload page in a real Chromium that runs no script. */
class PlainPageIT {

    @TempDir
    private static Path directory;
    @AutoClose("stop")
    private static OpenPage page;
    private static PageServer server;
    private static Browser browser;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() throws IOException {
        page = OpenPage.start(directory, false);
        server = page.server();
        browser = page.browser();
    }

    @AfterEach
    void nothingIsOnTheConsole() {
        assertThat(browser.complaints().stream()
                .filter(message -> !message.contains("Failed to load resource")).toList()).isEmpty();
    }

    @Test
    void storesFilesAndAnswersWithARowForEach() throws Exception {
        send(PageServer.PASSWORD, file("one.txt", "content"), file("kettő €.txt", "second"));

        assertThat(browser.text("#answer-title")).isEqualTo("All files are stored");
        assertThat(browser.findAll("#answer .row[data-state=done]")).hasSize(2);
        assertThat(browser.text("#answer .row .facts")).isEqualTo("7 B · stored");
        assertThat(browser.text("#answer .row .digest code")).isEqualTo(
                "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
        assertThat(server.box().resolve("kettő €.txt")).hasContent("second");
        browser.picture("plain-done");
    }

    @Test
    void saysWhyAFormWasRefusedAndNeverShowsThePassword() throws Exception {
        send("not-the-password", file("three.txt", "content"));

        assertThat(browser.text("#answer")).contains("Nothing was stored", "User name or password is wrong");
        assertThat(browser.driver().getPageSource()).doesNotContain("not-the-password");
        assertThat(browser.driver().getCurrentUrl()).endsWith("/upload.xhtml");
        assertThat(server.box().resolve("three.txt")).doesNotExist();

        Files.writeString(server.box().resolve("taken.txt"), "here before");
        send(PageServer.PASSWORD, file("free.txt", "free"), file("taken.txt", "again"));
        assertThat(browser.findAll("#answer .row[data-state=refused]")).hasSize(2);
        assertThat(browser.text("#answer .row:nth-child(2) .refusal")).contains("'taken.txt' exists already");
        assertThat(server.box().resolve("free.txt")).doesNotExist();
        assertThat(server.box().resolve("taken.txt")).hasContent("here before");
        browser.picture("plain-refused");
    }

    private void send(final String password, final Path... chosen) {
        browser.open(server.url());
        browser.login("alice", password);
        browser.choose(chosen);
        browser.find("#start").click();
        browser.until(answered -> !browser.findAll("#answer").isEmpty());
    }

    private Path file(final String name, final String content) throws IOException {
        return Files.writeString(files.resolve(name), content);
    }
}
