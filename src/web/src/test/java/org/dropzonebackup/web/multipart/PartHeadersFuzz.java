package org.dropzonebackup.web.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.ContentDisposition;
import org.dropzonebackup.web.headers.DigestHeaders;

/** Whatever stands in the headers of a part: a name that is safe and a digest that is whole come out, or nothing. */
class PartHeadersFuzz {

    private static final FileName.Rules RULES = new FileName.Rules(".~tmp", false);

    /** @param bytes lines that end in CRLF */
    @FuzzTest
    void giveASafeNameAndAWholeDigestOrNothing(final byte[] bytes) {
        final PartHeaders headers = PartHeaders.parse(bytes, bytes.length);
        try {
            final Optional<ContentDisposition> disposition = headers.disposition();
            assertThat(headers.disposition()).isEqualTo(disposition);
            headers.isFile();
            disposition.flatMap(ContentDisposition::filename).ifPresent(PartHeadersFuzz::assertSafe);
            final Map<DigestAlgorithm, byte[]> digests = DigestHeaders.ofAll(headers::all);
            digests.forEach((algorithm, digest) -> assertThat(digest).hasSize(algorithm.length()));
        } catch (final RefusedException e) {
            assertThat(e).hasMessageEndingWith(".");
        }
    }

    private static void assertSafe(final String submitted) {
        try {
            final String name = RULES.path(submitted, false).toString();
            assertThat(submitted.chars().filter(c -> c == '/' || c == '\\').count() == 0 || !name.equals(submitted)).isTrue();
        } catch (final RefusedException e) {
            assertThat(e).hasMessageContaining("name");
        }
    }
}
