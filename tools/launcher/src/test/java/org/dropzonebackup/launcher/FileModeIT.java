package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who can read what a server stores that is started by hand. */
class FileModeIT {

    private static final String BOB = " HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\n";
    private static final String PART = "--b\r\nContent-Disposition: form-data; name=file; filename=form.bin\r\n\r\nx\r\n--b--\r\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"0022, '', rw-r-----", "0077, '', rw-------", "0022, 0644, rw-r--r--", "0000, 0660, rw-rw----", "0022, 600, rw-------"})
    void isThatOfTheSettingLessTheUmaskOnEveryWayIn(final String umask, final String mode, final String permissions)
            throws Exception {
        final List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
        command.addAll(ServerProcess.command("--port", "0", "--listen", "127.0.0.1", "--upload-base-dir",
                ServerProcess.prepare(directory).toString(), "--users-file", directory.resolve("users.properties").toString()));
        if (!mode.isEmpty()) {
            command.addAll(List.of("--file-mode", mode));
        }
        final ServerProcess server = ServerProcess.start(
                new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()), directory.resolve("uploads"));
        try {
            send(server, "PUT /upload/raw.bin" + BOB + "Content-Length: 1\r\n\r\nx");
            send(server, "POST /upload" + BOB + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + PART.length()
                    + "\r\n\r\n" + PART);
            send(server, "POST /files/" + BOB + "Tus-Resumable: 1.0.0\r\nUpload-Length: 1\r\nUpload-Metadata: filename dHVz\r\n"
                    + "Content-Type: application/offset+octet-stream\r\nContent-Length: 1\r\n\r\nx");
            send(server, "PUT /upload/draft.bin" + BOB + "Upload-Complete: ?1\r\nContent-Length: 1\r\n\r\nx");
        } finally {
            server.stop();
        }
        for (final String name : List.of("raw.bin", "form.bin", "tus", "draft.bin")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.directoryOf("bob").resolve(name))))
                    .as(name).isEqualTo(permissions);
        }
    }

    private static void send(final ServerProcess server, final String request) throws IOException {
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send(request).readFinal().status()).as(request).isBetween(200, 204);
        }
    }
}
