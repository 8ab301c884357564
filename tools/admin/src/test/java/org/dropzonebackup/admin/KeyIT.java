package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.dropzonebackup.core.signing.SigningKeys;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code key} of the packaged admin jar. */
class KeyIT {

    @TempDir
    private Path directory;

    @Test
    void printsThePublicKeysAndBeginsANewOne() throws Exception {
        final AdminProcess admin = new AdminProcess(directory);
        final Path file = Files.createDirectory(directory.resolve(".dropzone")).resolve("signing-key.jwks");
        assertThat(admin.run("", "key", "--upload-base-dir", directory.toString())).isEqualTo(1);
        assertThat(admin.output()).contains("there is no " + file, "a server makes it when it is started");
        assertThat(file).doesNotExist();

        final String signed = new SigningKeys(file, Clock.systemUTC()).sign(new JSONObject().put("path", "a")).orElseThrow();
        assertThat(admin.run("", "key", "--upload-base-dir", directory.toString())).isZero();
        assertThat(new JSONObject(admin.output()).getJSONArray("keys")).hasSize(1);
        assertThat(admin.run("", "key", "--signing-key", file.toString(), "--rotate")).isZero();
        assertThat(new JSONObject(admin.output()).getJSONArray("keys")).hasSize(2);
        assertThat(admin.output()).doesNotContain("\"d\"");
        assertThat(new SigningKeys(file, Clock.systemUTC()).verify(signed)).isPresent();

        assertThat(admin.run("", "key")).isEqualTo(2);
        Files.writeString(file, "{}");
        assertThat(admin.run("", "key", "--signing-key", file.toString(), "--rotate")).isEqualTo(1);
        assertThat(admin.output()).contains("it is no JWK Set");
    }
}
