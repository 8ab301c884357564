package org.dropzonebackup.web.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestHeadersTest {

    private static final String SHA_256 = "sha-256=:" + Base64.getEncoder().encodeToString(new byte[32]) + ":";
    private static final String SHA_512 = "sha-512=:" + Base64.getEncoder().encodeToString(new byte[64]) + ":";

    @Test
    void readsWhatItKnowsAndIgnoresTheRest() throws RefusedException {
        assertThat(parse("Repr-Digest")).isEmpty();
        assertThat(parse("Content-Digest", "md5=:AAAA:, " + SHA_256, SHA_512))
                .containsOnlyKeys(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512);
        assertThat(parse("Repr-Digest", "crc=5, flag," + SHA_256 + ";x=1")).containsOnlyKeys(DigestAlgorithm.SHA_256);
        assertThat(parse("Repr-Digest", SHA_256, SHA_256)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "sha-256", "sha-256=AAAA", "sha-256=:AAAA:", "sha-256=:====:", "md5=:AAAA:",
        "SHA-256=:AAAA:", "sha-256=:A:", ","})
    void refusesWhatItCannotCheck(final String header) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> parse("Repr-Digest", header));
    }

    @Test
    void readsThoseThatCameBefore() throws RefusedException {
        assertThat(parse("Digest", "MD5=" + base64(16) + ",unixsum=30637, sha=" + base64(20), "SHA-256=" + base64(32)))
                .containsOnlyKeys(DigestAlgorithm.MD5, DigestAlgorithm.SHA, DigestAlgorithm.SHA_256);
        assertThat(parse("Content-MD5", base64(16))).containsOnlyKeys(DigestAlgorithm.MD5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Digest      | unixsum=30637
            Digest      | MD5
            Digest      | MD5=AAAA
            Digest      | =AAAA
            Digest      | sha-256=:AAAA:
            Digest      | ''
            Content-MD5 | AAAA
            Content-MD5 | ''
            """)
    void refusesWhatItCannotCheckOfThoseThatCameBefore(final String header, final String value) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> parse(header, value)).withMessageContaining(header);
    }

    private static String base64(final int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private static Map<DigestAlgorithm, byte[]> parse(final String header, final String... values) throws RefusedException {
        return DigestHeaders.ofAll(name -> name.equals(header) ? List.of(values) : List.of());
    }

    @Test
    void refusesTwoDifferentDigestsOfOneAlgorithm() {
        final String other = "sha-256=:" + Base64.getEncoder().encodeToString(new byte[] {1}).replace("==", "") + "A".repeat(41) + "=:";
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> parse("Repr-Digest", SHA_256, other));
    }
}
