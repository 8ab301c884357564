package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.dropzonebackup.web.RawConnection;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the journal ended when the server ended, signed by it. */
class SignedHeadIT {

    @TempDir
    private Path directory;

    @Test
    void isSignedWhenTheServerEnds() throws Exception {
        final ServerProcess server = ServerProcess.start(directory);
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send("PUT /upload/a.txt HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: "
                    + ServerProcess.BOBS_PASSWORD + "\r\nContent-Length: 1\r\n\r\na").readFinal().status()).isEqualTo(200);
        } finally {
            server.stop();
        }
        final Path chain;
        try (var found = Files.walk(directory)) {
            chain = found.filter(path -> path.endsWith("journal/1")).findFirst().orElseThrow();
        }
        final List<String> entries = Files.readAllLines(chain.resolve("00000000000000000001.jsonl"));
        final String claims = new String(Base64.getUrlDecoder().decode(
                Files.readString(chain.resolve("head.jws")).split("\\.")[1]), StandardCharsets.UTF_8);
        assertThat(new JSONObject(claims).toMap()).containsEntry("chain", 1).containsEntry("seq", entries.size());
    }
}
