package org.dropzonebackup.web.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadChecksumTest {

    @ParameterizedTest
    @ValueSource(strings = {"sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", " sha1  Kq5sNclPz7QV2+lfQIuc6R7oRu0= ",
        "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="})
    void takesWhatIsOffered(final String header) throws RefusedException {
        assertThat(UploadChecksum.parse(Optional.of(header), Map.of())).isPresent();
    }

    @Test
    void refusesWhatContradictsAnotherHeader() throws RefusedException {
        final Optional<String> header = Optional.of("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
        assertThat(UploadChecksum.parse(Optional.empty(), Map.of())).isEmpty();
        assertThat(UploadChecksum.parse(header, Map.of(DigestAlgorithm.MD5, new byte[16]))).isPresent();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> UploadChecksum.parse(header, Map.of(DigestAlgorithm.SHA, new byte[20])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha1", "sha1 ", "sha1 AAAA", "sha1 ????", "SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "md5 AAAA",
        "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0= more"})
    void refusesWhatItCannotCheck(final String header) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> UploadChecksum.parse(Optional.of(header), Map.of()));
    }
}
