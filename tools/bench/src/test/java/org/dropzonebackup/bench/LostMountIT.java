package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system with backups is lost under a running server that creates missing directories: nothing goes where it was, and
 * all is well when it is back.
 */
// A mount is not used but for being there
@SuppressWarnings("try")
class LostMountIT {

    private static final String FORM = "--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nx\r\n--b--";

    @TempDir
    private Path directory;
    private Path point;
    private Path far;

    @BeforeEach
    void createDirectories() throws IOException {
        point = Files.createDirectory(directory.resolve("point"));
        far = Files.createDirectory(directory.resolve("far"));
    }

    @Test
    void nothingIsStoredInPlaceOfTheBaseDirectory() throws Exception {
        try (Mount first = Mount.bind(point, far); Server server = start(point, "box")) {
            assertStores(server, "before");
            final String upload = Tus.create(server, "later", 1);
            first.lose();

            assertThat(statusesOfAllWays(server, upload)).containsOnly(503);
            assertThat(point).as("what is below the mount").isEmptyDirectory();
            assertThat(Scene.count(server.log(), "the base directory " + point)).isEqualTo(1);
            try (Mount again = Mount.bind(point, far)) {
                assertThat(Tus.patch(server, upload, 0, (byte) 'x').status()).isEqualTo(204);
                assertStores(server, "after");
                assertThat(far.resolve("box")).isDirectoryContaining(path -> path.endsWith("later"));
            }
        }
    }

    @Test
    void aBaseDirectoryInsideOfTheFileSystemIsNotCreatedInItsPlace() throws Exception {
        final Path base = point.resolve("deep/base");
        Files.createDirectories(far.resolve("deep/base"));
        try (Mount first = Mount.bind(point, far); Server server = start(base, "box")) {
            assertStores(server, "before");
            first.lose();
            assertThat(statusesOfAllWays(server, "/files/00000000000000000000000000000000")).containsOnly(503);
            assertThat(point).isEmptyDirectory();
            try (Mount again = Mount.bind(point, far)) {
                assertStores(server, "after");
            }
        }
    }

    /** Below the base directory, or elsewhere and found by a link. */
    @Test
    void nothingIsStoredInPlaceOfAUsersOwnFileSystem() throws Exception {
        final Path base = Files.createDirectory(directory.resolve("base"));
        final Path own = Files.createDirectories(base.resolve("team"));
        Files.createSymbolicLink(base.resolve("linked"), point.resolve("box"));
        try (Mount device = Mount.tmpfs(far, "size=8m")) {
            Files.createDirectory(far.resolve("box"));
            for (final String box : List.of("team/box", "linked")) {
                isNotReplacedByWhatIsBelow(base, box, box.equals("linked") ? point : own);
            }
        }
    }

    private void isNotReplacedByWhatIsBelow(final Path base, final String box, final Path place) throws Exception {
        try (Mount first = Mount.bind(place, far); Server server = start(base, box)) {
            assertStores(server, "before-" + place.getFileName());
            first.lose();
            assertThat(statusesOfAllWays(server, "/files/00000000000000000000000000000000")).containsOnly(503);
            assertThat(place).isEmptyDirectory();
            try (Mount again = Mount.bind(place, far)) {
                assertStores(server, "after-" + place.getFileName());
            }
        }
    }

    /** Its mount is still there, but what served it is not. */
    @Test
    void aFileSystemWhoseProgramHasDiedIsNotReached() throws Exception {
        try (Mount first = Mount.bindfs(point, far, "attr_timeout=0,entry_timeout=0"); Server server = start(point, "box")) {
            assertStores(server, "before");
            final String upload = Tus.create(server, "later", 1);
            try (Exchange underWay = Scene.begin(server, "broken", (byte) 'x')) {
                assertThat(Scene.eventually(() -> new Scene(directory, far.resolve("box")).names().size() == 4)).isTrue();
                first.crash();
                assertThat(underWay.sendChunk((byte) 'y').sendChunk().answer().status()).isEqualTo(503);
            }
            assertThat(statusesOfAllWays(server, upload)).containsOnly(503);
            assertThat(Scene.count(server.log(), "ERROR")).isLessThanOrEqualTo(1);
        }
    }

    private static List<Integer> statusesOfAllWays(final Server server, final String upload) throws IOException {
        return List.of(Scene.upload(server, "a", (byte) 'x').status(),
                ask(server, "POST /upload HTTP/1.1\r\n" + Sender.HEADERS
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + FORM.length(), FORM),
                ask(server, "PUT /upload/a HTTP/1.1\r\nUpload-Complete: ?0\r\nContent-Length: 0\r\n" + Sender.HEADERS.strip(), ""),
                ask(server, "HEAD " + upload.replace("/files/", "/upload-resources/") + " HTTP/1.1\r\n" + Sender.HEADERS.strip(), ""),
                Tus.ask(server, "POST", "/files/", "Upload-Length: 1", Tus.named("b")).status(),
                Tus.patch(server, upload, 0, (byte) 'x').status(),
                Tus.ask(server, "HEAD", upload).status(), Tus.ask(server, "DELETE", upload).status());
    }

    private static int ask(final Server server, final String head, final String body) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            return exchange.send(head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n" + body).answer().status();
        }
    }

    private static void assertStores(final Server server, final String name) throws IOException {
        assertThat(Scene.upload(server, name, (byte) 'x').status()).isEqualTo(200);
    }

    private Server start(final Path base, final String box) throws IOException {
        final Path users = Sender.enter(directory.resolve("users-" + box.replace('/', '-')), Path.of(box));
        return Server.start(Server.Command.of(Path.of(System.getProperty("dropzone.server.jar")), directory.resolve("log"),
                "--upload-base-dir", base.toString(), "--anonymous-dir", box, "--users-file", users.toString(),
                "--auto-create-user-dirs", "--free-space-reserve", "0").briefly());
    }
}
