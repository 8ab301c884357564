package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.launcher.Browser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page where containers have it, below {@code /dropzone/}, in a real Chromium; and through a proxy with HTTPS. */
class DeployedPageIT {

    private static final String PASSWORD = "secret-pa55";
    /** More than the proxy lets through to what is no upload. */
    private static final int SIZE = 1 << 20;

    @TempDir
    private Path directory;
    @TempDir
    private Path home;

    static Stream<Installation> installations() {
        return Nightly.cases(Stream.of(Installation.TOMCAT_11, Installation.JETTY_12_1_EE11));
    }

    @ParameterizedTest
    @MethodSource("installations")
    void sendsAFile(final Installation installation) throws Exception {
        final Site site = Site.in(directory, PASSWORD);
        try (RunningContainer container = new RunningContainer(installation, site);
                Browser browser = Browser.start(Files.createDirectory(home.resolve("profile")), true)) {
            send(browser, container.root().toString(), "direct.bin", site.box());
            // As the README says: the paths begin with the application's
            try (RunningProxy proxy = new RunningProxy(Proxy.NGINX, home.resolve("proxy"), container.port(),
                    Map.of("^/(upload", "^/dropzone/(upload"))) {
                send(browser, "https://127.0.0.1:" + proxy.port() + "/dropzone/", "proxied.bin", site.box());
            }
        }
    }

    private void send(final Browser browser, final String url, final String name, final Path box) throws Exception {
        final byte[] content = new byte[SIZE];
        new Random(name.hashCode()).nextBytes(content);
        final Path file = Files.write(home.resolve(name), content);
        browser.open(url);
        browser.until(ready -> !browser.findAll("html[data-script=ready]").isEmpty());
        browser.choose(file);
        browser.login("alice", PASSWORD);
        browser.find("#start").click();
        browser.untilRows(1, "done");
        assertThat(Files.mismatch(file, box.resolve(name))).as("where what is stored differs").isEqualTo(-1);
        assertThat(browser.complaints()).isEmpty();
    }
}
