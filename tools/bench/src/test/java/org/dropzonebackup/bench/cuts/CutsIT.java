package org.dropzonebackup.bench.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.launcher.Browser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of {@link CutsProgram}, with another seed each time. */
class CutsIT {

    private static final int SIZE = 64 << 20;
    private static final int CUTS = 12;
    private static final int KILLS = 2;
    private static final long BROWSER_SIZE = Long.getLong("cuts.browser.mib", 64) << 20;
    private static final int BROWSER_CUTS = Integer.getInteger("cuts.browser.cuts", CUTS);
    /** What comes again at most on the connections that brought the page: what the buffers of a few hold. */
    private static final long PAGE = 8 << 20;
    /** Bytes a second. */
    private static final long FAST = 1 << 30;
    private static final long SLOW = 8 << 20;

    @TempDir
    private static Path clients;
    private static final Map<Client, Client.Uploading> PREPARED = new EnumMap<>(Client.class);

    @TempDir
    private Path directory;
    private final long seed = System.currentTimeMillis();

    @BeforeAll
    static void prepare() throws IOException {
        for (final Client client : clients().toList()) {
            PREPARED.put(client, client.prepared(clients.resolve(client.toString())));
        }
    }

    static Stream<Client> clients() {
        return Nightly.cases(Stream.of(Client.TUS_JAVA, Client.TUS_JS, Client.CURL));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void hardlyAnythingIsSentAgainWhereTheLineBreaks(final Client client) throws Exception {
        final CutsProgram.Outcome outcome = upload(client, 1);

        assertThat(outcome.percentAgain()).as("%s, seed %d", outcome, seed).isLessThan(2);
        assertThat(Files.readString(directory.resolve("log"))).as("who comes and goes is no fault of the server's")
                .doesNotContain("SEVERE", "\tat ");
    }

    /** What comes between two checkpoints, which is a second's worth, is not durable and has to come again. */
    @ParameterizedTest
    @EnumSource(names = {"TUS_JS", "CURL"})
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void arrivesWholeWhereTheServerIsKilled(final Client client) throws Exception {
        final CutsProgram.Outcome outcome = upload(client, 1, SLOW, CUTS / 4, KILLS);

        assertThat(outcome.sent() - SIZE).as("%s, seed %d", outcome, seed).isLessThan(2 * KILLS * SLOW);
    }

    /** One of them has to let go of what the other goes on with, even if its client is gone without a word. */
    @Test
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void serversOfOneDirectoryTakeTurnsOnOneUpload() throws Exception {
        final CutsProgram.Outcome outcome = upload(Client.TUS_JS, 2);

        assertThat(outcome.percentAgain()).as("%s, seed %d", outcome, seed).isLessThan(2);
    }

    /**
     * What breaks on one of the connections that brought the page a browser sends again by itself, to where it no longer fits.
     * The long form: {@code -Dcuts.browser.mib=1024 -Dcuts.browser.cuts=100}.
     *
     * @param piece bytes of a request at most
     */
    @ParameterizedTest
    @ValueSource(strings = {"Infinity", "8e6"})
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void aBrowserSendsLittleAgain(final String piece) throws Exception {
        try (Browser browser = Browser.start(directory.resolve("profile"), true)) {
            final CutsProgram.Outcome outcome = upload("Chromium, pieces of " + piece,
                    (file, server) -> uploadIn(browser, file, server, piece), 1, BROWSER_SIZE, FAST, BROWSER_CUTS, 0);

            assertThat(outcome.sent() - BROWSER_SIZE).as("%s, seed %d", outcome, seed).isLessThan(BROWSER_SIZE / 50 + PAGE);
        }
    }

    private void uploadIn(final Browser browser, final Path file, final URI server, final String piece) throws IOException {
        browser.open(server.toString());
        browser.driver().manage().timeouts().scriptTimeout(Duration.ofMinutes(10));
        browser.driver().executeScript(Files.readString(clients.resolve("TUS_JS/node_modules/tus-js-client/dist/tus.min.js")));
        browser.driver().executeScript("""
                const input = document.createElement('input');
                input.type = 'file';
                input.id = 'by-tus';
                document.body.append(input);
                """);
        browser.find("#by-tus").sendKeys(file.toString());
        final Object failure = browser.driver().executeAsyncScript("""
                const [chunk, done] = arguments;
                const file = document.querySelector('#by-tus').files[0];
                new tus.Upload(file, {
                    // What it finds an upload at is relative to this, and not to the page
                    endpoint: new URL('files/', document.baseURI).href,
                    metadata: { filename: file.name },
                    chunkSize: Number(chunk),
                    retryDelays: [0, ...Array(60).fill(500)],
                    onError: (error) => done(error.message),
                    onSuccess: () => done(null),
                }).start();
                """, piece);
        assertThat(failure).as("seed %d", seed).isNull();
    }

    private CutsProgram.Outcome upload(final Client client, final int servers) throws Exception {
        return upload(client, servers, FAST, CUTS, 0);
    }

    private CutsProgram.Outcome upload(final Client client, final int servers, final long rate, final int cuts, final int kills)
            throws Exception {
        if (client == Client.CURL) {
            Prerequisite.programs("curl");
        }
        return upload(client.toString(), PREPARED.get(client), servers, SIZE, rate, cuts, kills);
    }

    private CutsProgram.Outcome upload(final String name, final Client.Uploading client, final int servers, final long size,
            final long rate, final int cuts, final int kills) throws Exception {
        try (CutsProgram program = new CutsProgram(
                Path.of(System.getProperty("dropzone.server.jar")), directory, servers, seed)) {
            final CutsProgram.Outcome outcome = program.run(client, size, rate, cuts, kills);
            System.out.println("CutsIT: seed " + seed + ", " + name + ", " + servers + " server(s); " + outcome);
            assertThat(outcome.wrong()).as("%s, seed %d", outcome, seed).isEmpty();
            return outcome;
        }
    }
}
