package org.dropzonebackup.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server jar, and a Chromium that its page is opened in.
 *
 * @param server of the page
 * @param browser that opens it
 */
record OpenPage(PageServer server, Browser browser) {

    /**
     * Starts both; without a Chromium the tests are skipped.
     *
     * @param directory empty
     * @param options of the server
     */
    static OpenPage start(final Path directory, final boolean javaScript, final String... options) throws IOException {
        final Browser browser = Browser.start(Files.createDirectory(directory.resolve("profile")), javaScript);
        try {
            return new OpenPage(new PageServer(Files.createDirectory(directory.resolve("server")), options), browser);
        } catch (final IOException e) {
            browser.close();
            throw e;
        }
    }

    /** Opens the page, and waits for its script. */
    void open() {
        browser.open(server.url());
        browser.until(ready -> !browser.findAll("html[data-script=ready]").isEmpty());
    }

    void stop() throws InterruptedException {
        browser.close();
        server.stop();
    }
}
