package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of each container with the shipped configuration: it starts, shows the page, and ends without cutting anybody off. */
class InstallationIT {

    private static final String PASSWORD = "secret-pa55";
    private static final Duration SILENCE = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    static Stream<Installation> installations() {
        return Nightly.cases(Stream.of(Installation.values()));
    }

    @ParameterizedTest
    @MethodSource("installations")
    void startsShowsThePageAndLetsAnUploadFinishAtItsEnd(final Installation installation) throws Exception {
        final Site site = Site.in(directory, PASSWORD);
        final Path box = site.box();
        final RunningContainer container = new RunningContainer(installation, site);
        try (container; RawConnection upload = new RawConnection(container.root())) {
            upload.send("GET /dropzone/ HTTP/1.1\r\nHost: test\r\n\r\n");
            final RawConnection.Answer page = upload.read();
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            assertThat(page.body()).contains("<title>Dropzone Backup</title>").contains("</html>");

            upload.send("PUT /dropzone/upload/slow.bin HTTP/1.1\r\nHost: test\r\nUsername: alice\r\nPassword: " + PASSWORD
                    + "\r\nContent-Length: 10\r\n\r\n12345");
            await().until(() -> names(box).size() == 1);
            container.terminate();
            await().until(container::takesNothingNew);
            // It may be silent for a while, as on a bad line
            await().during(SILENCE).until(() -> names(box).size() == 1);
            upload.send("67890");

            assertThat(upload.readFinal().status()).isEqualTo(200);
            assertThat(container.exitStatus()).as(container.log()).isIn(0, 143);
        }
        assertThat(names(box)).containsExactly("slow.bin");
        assertThat(box.resolve("slow.bin")).hasContent("1234567890");
        System.out.println(installation + " was ready after " + container.startUp().toMillis() + " ms");
    }

    private static List<String> names(final Path box) throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
