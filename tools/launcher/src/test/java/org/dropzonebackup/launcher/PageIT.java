package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The upload page with its script, in a real Chromium. */
class PageIT {

    private static final String FAILED_TO_LOAD = "Failed to load resource";

    @TempDir
    private static Path directory;
    @AutoClose("stop")
    private static OpenPage page;
    private static PageServer server;
    private static Browser browser;

    @TempDir
    private Path files;
    /** Refusals that the test provokes: Chromium reports each on its console. */
    private boolean refusalsExpected;
    /** A request that is cancelled may be answered yet, with what a client is told whose connection broke. */
    private boolean cancellationExpected;

    @BeforeAll
    static void start() throws IOException {
        page = OpenPage.start(directory, true,
                "--page-message", "For <b>friends</b> & family", "--page-help-url", "https://example.org/help?a=1&b=2");
        server = page.server();
        browser = page.browser();
    }

    @BeforeEach
    void openThePage() throws IOException {
        server.emptyTheBox();
        browser.limitUpload(0);
        browser.cdp("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        browser.cdp("Emulation.clearDeviceMetricsOverride", Map.of());
        page.open();
    }

    @AfterEach
    void nothingIsOnTheConsole() {
        assertThat(browser.complaints().stream()
                .filter(message -> !(refusalsExpected && message.contains(FAILED_TO_LOAD)))
                .filter(message -> !(cancellationExpected && message.contains("/files/") && message.contains("status of 503")))
                .toList()).isEmpty();
    }

    @Test
    void tellsWhatTheServerAllowsAndEscapesWhatItIsTold() throws Exception {
        assertThat(browser.text("h1")).isEqualTo("Dropzone Backup");
        assertThat(browser.text(".message")).isEqualTo("For <b>friends</b> & family");
        assertThat(browser.find("header a").getDomAttribute("href")).isEqualTo("https://example.org/help?a=1&b=2");
        assertThat(browser.text("#drop")).contains("A file may have up to 400 MiB.");
        assertThat(browser.barriers()).isEmpty();
        browser.picture("empty");
    }

    @Test
    void comesWithTheLicencesOfWhatItsScriptIsMadeOf() {
        final Object licences = browser.driver().executeAsyncScript("""
                const [done] = arguments;
                fetch('resources/licences.txt').then((answer) => answer.text()).then(done);
                """);
        assertThat((String) licences).contains("tus-js-client 4.", "@uppy/core 6.", "@noble/hashes 2.", "js-base64 3.")
                .contains("Permission is hereby granted, free of charge");
    }

    @Test
    void storesSeveralFilesAndShowsTheirReceipts() throws Exception {
        browser.choose(file("café €.txt", "first"), file("b.txt", "second"), picture("c.png"));
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(3, "done");

        untilNames("café €.txt", "b.txt", "c.png");
        assertThat(browser.text(".row .digest code")).isEqualTo(sha256(server.box().resolve("café €.txt")));
        assertThat(browser.text("#total-facts")).contains("3 of 3 files stored");
        browser.until(shown -> browser.find(".row:nth-child(3) img").isDisplayed());
        assertThat(browser.barriers()).isEmpty();
        browser.picture("done");

        browser.find("#remove-done").click();
        assertThat(browser.findAll("#rows .row")).isEmpty();
    }

    @Test
    void savesSignedReceiptsAndTellsByThemWhatBecameOfTheFiles() throws Exception {
        browser.choose(file("a ä.txt", "first"), file("b.txt", "second"));
        assertThat(browser.find("#save-receipts").isDisplayed()).isFalse();
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(2, "done");
        browser.driver().executeScript("""
                const make = URL.createObjectURL;
                URL.createObjectURL = (blob) => { window.saved = blob.text(); return make(blob); };
                """);
        browser.find("#save-receipts").click();
        final String saved = (String) browser.driver().executeAsyncScript("window.saved.then(arguments[0]);");
        assertThat(saved.lines()).hasSize(2).allMatch(line -> line.split("\\.").length == 3);

        Files.delete(server.box().resolve("b.txt"));
        browser.choose(file("receipts.jws", saved + "not.a.receipt\n"));
        browser.find(".row:last-child .verify").click();
        browser.until(told -> browser.find(".row:last-child .verdict").isDisplayed());
        assertThat(browser.text(".row:last-child .verdict").lines()).containsExactlyInAnyOrder(
                "1 of 3 files are there as they were stored.", "b.txt: is missing", "?: is not known, or was replaced or removed");
        assertThat(browser.barriers()).isEmpty();
        browser.picture("verified");
    }

    @Test
    void takesAFolderThatIsDropped() throws Exception {
        final Path folder = Files.createDirectories(files.resolve("photos/deep"));
        Files.writeString(folder.resolve("in.txt"), "deep");
        Files.writeString(folder.resolveSibling("out.txt"), "shallow");
        browser.drop(files.resolve("photos"));
        browser.untilRows(2, "waiting");
        assertThat(browser.findAll(".row .name").stream().map(name -> name.getText()).toList())
                .containsExactlyInAnyOrder("photos/deep/in.txt", "photos/out.txt");
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(2, "done");
        assertThat(browser.findAll(".row .name").stream().map(name -> name.getText()).toList())
                .containsExactlyInAnyOrder("photos/deep/in.txt", "photos/out.txt");
        untilNames("photos", "photos/deep", "photos/deep/in.txt", "photos/out.txt");
        assertThat(server.box().resolve("photos/deep/in.txt")).hasContent("deep");
        assertThat(server.box().resolve("photos/out.txt")).hasContent("shallow");
    }

    @Test
    void sendsALargeFileAndShowsHowItGoes() throws Exception {
        final Path large = large("large.bin", 100_000_000);
        browser.choose(large);
        browser.login("alice", PageServer.PASSWORD);
        browser.limitUpload(50_000_000);
        browser.find("#start").click();
        browser.until(shown -> browser.text(".row .facts").contains("/s"));
        assertThat(browser.text(".row .facts")).contains("95.3 MiB");
        assertThat(browser.barriers()).isEmpty();
        browser.picture("uploading");
        browser.untilRows(1, "done");
        assertThat(browser.text(".row .digest code")).isEqualTo(sha256(large));
        assertThat(server.box().resolve("large.bin")).hasSize(100_000_000);
    }

    @Test
    void asksAgainForAWrongPasswordAndKeepsTheQueue() throws Exception {
        refusalsExpected = true;
        browser.choose(file("a.txt", "a"), file("b.txt", "b"));
        browser.login("alice", "wrong");
        browser.find("#start").click();
        browser.until(shown -> browser.text("#login-alert").contains("User name or password is wrong"));
        assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id")).isEqualTo("password");
        assertThat(browser.findAll(".row[data-state=waiting]")).hasSize(2);
        assertThat(browser.barriers()).isEmpty();
        browser.picture("wrong-password");

        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(2, "done");
        assertThat(browser.text("#login-alert")).isEmpty();
    }

    @Test
    void showsTheServersOwnWordsBesideARefusedFile() throws Exception {
        refusalsExpected = true;
        Files.writeString(server.box().resolve("taken.txt"), "here before");
        browser.choose(file("taken.txt", "again"), file("fine.txt", "fine"), large("huge.bin", PageServer.MAX_FILE_SIZE + 1));
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(1, "done");
        browser.untilRows(2, "refused");

        assertThat(browser.text(".row:nth-child(1) .refusal")).isEqualTo(
                "A file named 'taken.txt' exists already and cannot be replaced: send it under another name.");
        assertThat(browser.text(".row:nth-child(3) .refusal")).isEqualTo(
                "This file has 419,430,401 B, and a file may have up to 419,430,400 B.");
        assertThat(browser.find(".row:nth-child(3) .retry").isDisplayed()).isFalse();
        assertThat(browser.barriers()).isEmpty();
        browser.picture("refused");

        Files.delete(server.box().resolve("taken.txt"));
        browser.find(".row:nth-child(1) .retry").click();
        browser.untilRows(2, "done");
        assertThat(server.box().resolve("taken.txt")).hasContent("again");
    }

    @Test
    void cancelsAndSendsAgain() throws Exception {
        // Half of the time the server hears of the cancellation first and answers what the browser is about to let go of
        cancellationExpected = true;
        browser.choose(large("large.bin", 50_000_000), file("small.txt", "small"));
        browser.login("alice", PageServer.PASSWORD);
        browser.limitUpload(1_000_000);
        browser.find("#start").click();
        browser.untilRows(1, "sending");
        browser.find(".row[data-state=sending] .remove").click();
        browser.untilRows(1, "waiting");
        browser.untilRows(1, "done");
        assertThat(server.box().resolve("large.bin")).doesNotExist();

        browser.limitUpload(0);
        browser.find("#start").click();
        browser.untilRows(2, "done");
        assertThat(server.box().resolve("large.bin")).hasSize(50_000_000);
    }

    @Test
    void saysThatAFileChangedSinceItWasChosen() throws Exception {
        refusalsExpected = true;
        final Path changing = file("changing.txt", "before");
        browser.choose(changing);
        browser.untilRows(1, "waiting");
        Files.writeString(changing, "another, longer content");
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(1, "refused");
        assertThat(browser.text(".row .refusal"))
                .isEqualTo("This file cannot be read any more: it was changed, moved or removed.");
        assertThat(browser.find(".row .retry").isDisplayed()).isFalse();
        assertThat(browser.find("#retry-all").isDisplayed()).isFalse();

        browser.choose(changing);
        browser.untilRows(1, "waiting");
        browser.find("#start").click();
        browser.untilRows(1, "done");
        assertThat(server.box().resolve("changing.txt")).hasContent("another, longer content");
    }

    @Test
    void takesAFileAgainThatCouldNotBeReadForAWhile() throws Exception {
        refusalsExpected = true;
        final Path gone = file("gone.txt", "content");
        final Path elsewhere = gone.resolveSibling("elsewhere.txt");
        browser.choose(gone);
        browser.untilRows(1, "waiting");
        Files.move(gone, elsewhere);
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(1, "refused");

        Files.move(elsewhere, gone);
        browser.choose(gone);
        browser.untilRows(1, "waiting");
        assertThat(browser.findAll(".row")).hasSize(1);
        browser.find("#start").click();
        browser.untilRows(1, "done");
    }

    @Test
    void warnsBeforeItIsLeftWithUploadsUnderWay() throws Exception {
        assertThat(wouldStay()).isFalse();
        browser.choose(large("large.bin", 50_000_000));
        browser.login("alice", PageServer.PASSWORD);
        browser.limitUpload(1_000_000);
        browser.find("#start").click();
        browser.untilRows(1, "sending");
        assertThat(wouldStay()).isTrue();
        browser.find("#cancel-all").click();
        assertThat(wouldStay()).isFalse();
    }

    private static boolean wouldStay() {
        return (Boolean) browser.driver().executeScript("""
                const leaving = new Event('beforeunload', { cancelable: true });
                window.dispatchEvent(leaving);
                return leaving.defaultPrevented;
                """);
    }

    @Test
    void worksByKeyboardAlone() throws Exception {
        browser.choose(file("a.txt", "a"));
        browser.driver().executeScript("document.activeElement.blur()");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("https://example.org/help?a=1&b=2");
        press(Keys.TAB);
        press("alice");
        press(Keys.TAB);
        press(PageServer.PASSWORD);
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("choose");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("choose-folder");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("start");
        assertThat((String) browser.driver().executeScript(
                "return getComputedStyle(document.activeElement).outlineStyle")).isEqualTo("solid");
        press(Keys.ENTER);
        browser.untilRows(1, "done");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("save-receipts");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("remove-done");
        press(Keys.SPACE);
        assertThat(browser.findAll("#rows .row")).isEmpty();
        assertThat(focused()).isEqualTo("choose");
    }

    private static void press(final CharSequence keys) {
        browser.driver().switchTo().activeElement().sendKeys(keys);
    }

    private static String focused() {
        return (String) browser.driver().executeScript("return document.activeElement.id || document.activeElement.href");
    }

    @ParameterizedTest
    @CsvSource({"en, Upload, waiting", "hu-HU, Feltöltés, várakozik", "de-AT, Hochladen, wartet", "fr, Envoyer, en attente",
        "es-MX, Subir, en espera", "ja, Upload, waiting"})
    void speaksTheLanguageOfTheBrowser(final String language, final String start, final String waiting) throws Exception {
        browser.cdp("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", language)));
        try {
            browser.open(server.url());
            assertThat(browser.text("#start")).isEqualTo(start);
            browser.until(ready -> !browser.findAll("html[data-script=ready]").isEmpty());
            browser.choose(file("a.txt", "a"));
            browser.untilRows(1, "waiting");
            assertThat(browser.text(".row .facts")).contains(waiting);
            assertThat(browser.barriers()).isEmpty();
        } finally {
            browser.cdp("Network.setExtraHTTPHeaders", Map.of("headers", Map.of()));
        }
    }

    @Test
    void isReadableInTheDarkAndOnAPhone() throws Exception {
        refusalsExpected = true;
        browser.cdp("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        Files.writeString(server.box().resolve("taken.txt"), "here before");
        browser.choose(file("taken.txt", "again"), file("a-quite-long-name-of-a-backup-2026-11-24T02-17-00.tar.gz", "fine"));
        browser.login("alice", PageServer.PASSWORD);
        browser.find("#start").click();
        browser.untilRows(1, "done");
        browser.untilRows(1, "refused");
        assertThat(browser.barriers()).isEmpty();
        browser.picture("dark");

        browser.cdp("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        browser.cdp("Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 1100, "deviceScaleFactor", 2, "mobile", true));
        assertThat((Boolean) browser.driver().executeScript(
                "return document.documentElement.scrollWidth <= window.innerWidth && window.innerWidth <= 360")).isTrue();
        assertThat(browser.barriers()).isEmpty();
        browser.picture("phone");
    }

    private Path file(final String name, final String content) throws IOException {
        return Files.writeString(files.resolve(name), content);
    }

    private Path large(final String name, final long size) throws IOException {
        final Path file = files.resolve(name);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
        }
        return file;
    }

    private Path picture(final String name) throws IOException {
        final java.awt.image.BufferedImage image =
                new java.awt.image.BufferedImage(64, 64, java.awt.image.BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, 0x2060A0 + i * 7);
        }
        final Path file = files.resolve(name);
        javax.imageio.ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /** What the server remembered of an upload goes as soon as the page knows that the file is stored. */
    private static void untilNames(final String... names) {
        browser.until(clean -> server.names().equals(Set.of(names)));
    }

    static String sha256(final Path file) throws Exception {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            final byte[] buffer = new byte[1 << 20];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
