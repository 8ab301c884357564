package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.bench.speed.Programs;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.core.users.PasswordHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for resumption of the README, typed as they stand there; and more of that kind. */
class CurlIT {

    private static final Path README = Path.of("..", "..", "README.md");
    private static final String PASSWORD = "secret-pa55";
    private static final int CUT = 1234;
    private static final String CURL = "curl -sS -u alice:" + PASSWORD + ' ';
    private static final String PATCH = CURL + "-X PATCH -H 'Content-Type: application/partial-upload' ";

    @TempDir
    private Path directory;
    private Path box;
    private Server server;
    private final Content content = Content.random(new Random(1), 100_000);

    @BeforeAll
    static void needsCurl() {
        Prerequisite.programs("curl");
    }

    @BeforeEach
    void start() throws IOException {
        box = Files.createDirectory(directory.resolve("alice"));
        Files.write(directory.resolve("db.dump"), content.bytes());
        server = Server.start(Server.Command.of(Path.of(System.getProperty("dropzone.server.jar")), directory.resolve("log"),
                "--upload-base-dir", directory.toString(), "--free-space-reserve", "0", "--users-file",
                Files.writeString(directory.resolve("users.properties"),
                        "alice.password = " + PasswordHash.of(PASSWORD).text()).toString()));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void uploadsGoOnByTheCommandsOfTheReadme() throws Exception {
        final Matcher block = Pattern.compile("(?s)\n## Resume\n.*?```sh\n(.*?)```").matcher(Files.readString(README));
        assertThat(block.find()).isTrue();
        final String[] commands = block.group(1).replace("http://127.0.0.1:8888", url()).replace("-u alice", "-sS -u alice:" + PASSWORD)
                .split("(?<!\\\\)\n");
        assertThat(commands).hasSize(3);
        final String id = header(type(commands[0]), "Location").replace("../upload-resources/", "");
        Files.write(directory.resolve("beginning"), Arrays.copyOf(content.bytes(), CUT));
        type(PATCH + "-T beginning -H 'Upload-Offset: 0' -H 'Upload-Complete: ?0' " + url() + "/upload-resources/" + id);

        assertThat(header(type(commands[1].replace("ID", id)), "Upload-Offset")).isEqualTo(Integer.toString(CUT));
        assertThat(type(commands[2].replace("/ID", "/" + id))).isEqualTo("OK");

        assertThat(box.resolve("db.dump")).hasBinaryContent(content.bytes());
    }

    @Test
    void formArrivesInPieces() throws Exception {
        final byte[] form = ("--b\r\nContent-Disposition: form-data; name=f; filename=one\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve("form"), form);
        type("cat db.dump >> form; printf '\\r\\n--b\\r\\nContent-Disposition: form-data; name=f; filename=two\\r\\n\\r\\n2\\r\\n--b--\\r\\n' >> form; "
                + "split -b 30000 -d form piece-");
        final String made = type(CURL + "-i -d '' -H 'Upload-Complete: ?0' -H 'Content-Type: multipart/form-data; boundary=b' " + url() + "/upload");
        final String upload = url() + "/" + header(made, "Location");
        String answer = "";
        for (int i = 0; i < 4; i++) {
            answer = type(PATCH + "-T piece-0" + i + " -H 'Upload-Offset: " + i * 30_000 + "' -H 'Upload-Complete: ?"
                    + (i == 3 ? 1 : 0) + "' " + upload);
        }
        assertThat(answer).isEqualTo("OK\none\ntwo\n");
        assertThat(box.resolve("one")).hasBinaryContent(content.bytes());
        assertThat(box.resolve("two")).hasContent("2");
    }

    @Test
    void uploadIsCancelled() throws Exception {
        final String upload = url() + "/upload/" + header(type(CURL + "-i -X PUT -H 'Upload-Complete: ?0' " + url() + "/upload/a"), "Location");
        type(PATCH + "-T db.dump -H 'Upload-Offset: 0' -H 'Upload-Complete: ?0' " + upload);
        assertThat(box).isNotEmptyDirectory();

        assertThat(type(CURL + "-i -X DELETE " + upload)).startsWith("HTTP/1.1 204");
        assertThat(box).isEmptyDirectory();
        assertThat(type(CURL + "-I " + upload)).startsWith("HTTP/1.1 404");
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private String type(final String commands) throws IOException {
        return Programs.run(directory, "sh", "-ec", commands);
    }

    private static String header(final String answer, final String name) {
        final Matcher line = Pattern.compile("(?im)^" + name + ": (.*?)\r?$").matcher(answer);
        assertThat(line.find()).as(answer).isTrue();
        return line.group(1);
    }
}
