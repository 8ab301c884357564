package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads in pieces, by both protocols, where the client, the server or the time between them fails. */
class ResumeIT {

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    private int linesBefore;

    /** How an upload is begun and added to. */
    private enum Protocol {
        TUS("POST /files", "Tus-Resumable: 1.0.0\r\nUpload-Length: 7\r\nUpload-Metadata: filename YS50eHQ=",
                "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream"),
        DRAFT("PUT /upload/a.txt", "Upload-Complete: ?0\r\nUpload-Length: 7",
                "Upload-Complete: ?1\r\nContent-Type: application/partial-upload");

        private final String creation;
        private final String creationHeaders;
        private final String headers;

        Protocol(final String creation, final String creationHeaders, final String headers) {
            this.creation = creation;
            this.creationHeaders = creationHeaders;
            this.headers = headers;
        }

        /** To ask for the offset, which says nothing of completeness. */
        private String asking() {
            return headers.replace("Upload-Complete: ?1\r\n", "");
        }
    }

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "--idle-timeout", "2 s", "--audit-log", directory.resolve("audit.log").toString(),
                "--anonymous-dir", "anonymous", "--anonymous-challenge", "off");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @BeforeEach
    void beginAnew() throws IOException {
        Files.deleteIfExists(server.directoryOf("bob").resolve("a.txt"));
        linesBefore = allLines().size();
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatATooSlowClientHadSent(final Protocol protocol) throws IOException {
        final String upload = create(protocol, "bob");
        try (RawConnection slow = server.connect()) {
            slow.send(piece(protocol, upload, 0, 7) + "con");
            final RawConnection.Answer cut = slow.readFinal();
            assertThat(cut.status()).isEqualTo(503);
            assertThat(cut.body()).contains("what had come is kept");
        }
        goesOn(protocol, upload);
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterARestart(final Protocol protocol) throws Exception {
        final String upload = create(protocol, "bob");
        try (RawConnection cut = server.connect()) {
            cut.send(piece(protocol, upload, 0, 7) + "con");
            cut.endOutput();
            cut.readFinalOrNone();
            assertThat(offset(protocol, upload)).isEqualTo("3");
        }
        server.stop();
        startServer();

        goesOn(protocol, upload);
    }

    private static void goesOn(final Protocol protocol, final String upload) throws IOException {
        assertThat(offset(protocol, upload)).isEqualTo("3");
        assertThat(patch(protocol, upload, 3, "tent")).isLessThan(300);
        assertThat(server.directoryOf("bob").resolve("a.txt")).hasContent("content");
    }

    private static String offset(final Protocol protocol, final String upload) throws IOException {
        return ask("HEAD " + upload, "bob", protocol.asking()).headers().get("upload-offset");
    }

    @ParameterizedTest
    @EnumSource
    void whoeverBeganWithoutANameGoesOnWithoutOne(final Protocol protocol) throws IOException {
        final String upload = create(protocol, "");
        assertThat(ask("HEAD " + upload, "bob", protocol.asking()).status()).isEqualTo(404);
        assertThat(ask("HEAD " + upload, "", protocol.asking()).headers()).containsEntry("upload-offset", "0");
    }

    @ParameterizedTest
    @EnumSource
    void anUploadLeavesOneLineInTheAuditLog(final Protocol protocol) throws IOException {
        final String upload = create(protocol, "bob");
        assertThat(patch(protocol, upload, 1, "x")).isEqualTo(409);
        assertThat(lines()).isEmpty();
        assertThat(patch(protocol, upload, 0, "content")).isLessThan(300);
        ask("HEAD " + upload, "bob", protocol.asking());
        ask("DELETE " + upload, "bob", protocol.headers);
        assertThat(lines()).singleElement().satisfies(line -> assertLine(line, "stored", 7));
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledUploadLeavesALineToo(final Protocol protocol) throws IOException {
        final String upload = create(protocol, "bob");
        ask("DELETE " + upload, "bob", protocol.headers);
        assertThat(lines()).singleElement().satisfies(line -> assertLine(line, "gone", 0));
    }

    @ParameterizedTest
    @EnumSource
    void anUploadThatIsRefusedInTheEndLeavesALineToo(final Protocol protocol) throws IOException {
        final String upload = create(protocol, "bob");
        Files.writeString(server.directoryOf("bob").resolve("a.txt"), "faster");
        final int taken = protocol == Protocol.TUS ? 422 : 409;
        assertThat(patch(protocol, upload, 0, "content")).isEqualTo(taken);
        assertThat(ask(protocol.creation, "bob", protocol.creationHeaders).status()).isEqualTo(taken);
        assertThat(lines()).satisfiesExactly(line -> assertLine(line, "refused", 7), line -> assertLine(line, "refused", 0));
    }

    /** Its client asks where to go on in any case; all that a browser sends before it reads would come twice. */
    @ParameterizedTest
    @EnumSource
    void cutsOffAPieceThatBeginsElsewhere(final Protocol protocol) throws IOException {
        final String upload = create(protocol, "bob");
        try (RawConnection elsewhere = server.connect()) {
            elsewhere.send(piece(protocol, upload, 1, 1 << 30));
            assertThat(elsewhere.readFinal().status()).isEqualTo(409);
            assertThatThrownBy(() -> {
                for (int i = 0; i < 64; i++) {
                    elsewhere.send(new byte[1 << 20]);
                }
            }).isInstanceOf(SocketException.class);
        }
        assertThat(offset(protocol, upload)).isEqualTo("0");
    }

    @Test
    void keepsNothingOfATooSlowClientThatCannotResume() throws IOException {
        try (RawConnection slow = server.connect()) {
            slow.send(request("PUT /upload/b.txt", "bob", "Content-Length: 7") + "con");
            assertThat(slow.readFinal().body()).contains("nothing of it was kept");
        }
    }

    private static void assertLine(final JSONObject line, final String outcome, final long size) {
        assertThat(line.getString("outcome")).isEqualTo(outcome);
        assertThat(line.getString("name")).isEqualTo("a.txt");
        assertThat(line.getString("user")).isEqualTo("bob");
        assertThat(line.getLong("size")).isEqualTo(size);
    }

    private List<JSONObject> lines() throws IOException {
        return allLines().subList(linesBefore, allLines().size());
    }

    private static List<JSONObject> allLines() throws IOException {
        final Path log = directory.resolve("audit.log");
        return Files.exists(log) ? Files.readAllLines(log).stream().map(JSONObject::new).toList() : List.of();
    }

    private static String create(final Protocol protocol, final String user) throws IOException {
        final String location = ask(protocol.creation, user, protocol.creationHeaders).headers().get("location");
        return "/" + location.replace("../", "");
    }

    private static int patch(final Protocol protocol, final String upload, final long offset, final String piece) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(piece(protocol, upload, offset, piece.length()) + piece).readFinal().status();
        }
    }

    /** The head of a piece. */
    private static String piece(final Protocol protocol, final String upload, final long offset, final int length) {
        return request("PATCH " + upload, "bob",
                protocol.headers + "\r\nUpload-Offset: " + offset + "\r\nContent-Length: " + length);
    }

    private static RawConnection.Answer ask(final String line, final String user, final String headers) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(request(line, user, headers)).readFinal();
        }
    }

    private static String request(final String line, final String user, final String headers) {
        return line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (user.isEmpty() ? "" : "Username: " + user + "\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n")
                + headers + "\r\n\r\n";
    }
}
