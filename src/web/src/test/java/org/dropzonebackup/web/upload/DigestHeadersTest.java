package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Base64;
import java.util.List;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestHeadersTest {

    private static final String SHA_256 = "sha-256=:" + Base64.getEncoder().encodeToString(new byte[32]) + ":";
    private static final String SHA_512 = "sha-512=:" + Base64.getEncoder().encodeToString(new byte[64]) + ":";

    @Test
    void readsWhatItKnowsAndIgnoresTheRest() throws RefusedException {
        assertThat(DigestHeaders.parse(List.of())).isEmpty();
        assertThat(DigestHeaders.parse(List.of("md5=:AAAA:, " + SHA_256, SHA_512)))
                .containsOnlyKeys(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512);
        assertThat(DigestHeaders.parse(List.of("crc=5, flag," + SHA_256 + ";x=1"))).containsOnlyKeys(DigestAlgorithm.SHA_256);
        assertThat(DigestHeaders.parse(List.of(SHA_256, SHA_256))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "sha-256", "sha-256=AAAA", "sha-256=:AAAA:", "sha-256=:====:", "md5=:AAAA:",
        "SHA-256=:AAAA:", "sha-256=:A:", ","})
    void refusesWhatItCannotCheck(final String header) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> DigestHeaders.parse(List.of(header)));
    }

    @Test
    void refusesTwoDifferentDigestsOfOneAlgorithm() {
        final String other = "sha-256=:" + Base64.getEncoder().encodeToString(new byte[] {1}).replace("==", "") + "A".repeat(41) + "=:";
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> DigestHeaders.parse(List.of(SHA_256, other)));
    }
}
