package org.dropzonebackup.web.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadMetadataTest {

    @Test
    void readsPairsWithAndWithoutAValue() throws RefusedException {
        assertThat(UploadMetadata.parse("filename " + base64("d\u00f6 b.sql", StandardCharsets.UTF_8) + ",private , is_new").values())
                .containsEntry("filename", "d\u00f6 b.sql").containsEntry("private", "").containsEntry("is_new", "").hasSize(3);
        assertThat(UploadMetadata.parse("").values()).isEmpty();
    }

    @Test
    void findsTheNameHoweverItIsCalled() throws RefusedException {
        assertThat(UploadMetadata.parse("name YQ==,filename Yg==").fileName()).contains("b");
        assertThat(UploadMetadata.parse("name YQ==,filename").fileName()).contains("a");
        assertThat(UploadMetadata.parse("filetype YQ==").fileName()).isEmpty();
        assertThat(UploadMetadata.parse("filename " + base64("d\u00f6", StandardCharsets.ISO_8859_1)).fileName()).contains("d\u00f6");
    }

    @Test
    void findsThePathThatUppySendsForAFileOfAFolder() throws RefusedException {
        final String name = ",name YQ==,filename YQ==";
        assertThat(UploadMetadata.parse("relativePath " + base64("b/a", StandardCharsets.UTF_8) + name).fileName()).contains("b/a");
        assertThat(UploadMetadata.parse("relativePath " + base64("/b/a", StandardCharsets.UTF_8) + name).fileName()).contains("b/a");
        assertThat(UploadMetadata.parse("relativePath " + base64("null", StandardCharsets.UTF_8) + name).fileName()).contains("a");
        assertThat(UploadMetadata.parse("relativePath" + name).fileName()).contains("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "filename a.txt", "a YQ==,a Yg==", "a YQ== Yg==", "a Y", "a =", "\u00e4 YQ==", "a\tYQ=="})
    void refusesWhatNobodyCanRead(final String header) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> UploadMetadata.parse(header));
    }

    @Test
    void refusesMoreThanCanBeToldAgain() {
        final String longest = "note " + "a".repeat(7 * 1024 - 5);
        assertThatNoException().isThrownBy(() -> UploadMetadata.parse(longest));
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> UploadMetadata.parse(longest + "aaaa"))
                .satisfies(refused -> assertThat(Problem.of(refused.refusal()).detail()).contains("limit 7,168", "got 7,172"));
    }

    private static String base64(final String text, final Charset charset) {
        return Base64.getEncoder().encodeToString(text.getBytes(charset));
    }
}
