package org.dropzonebackup.web.headers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.RequestStub;

/** Whatever path an upload goes to: there is one path of a file in it, without empty names, none, or a refusal. */
class UploadTargetFuzz {

    private static final List<String> CONTEXTS = List.of("", "/dropzone", "/a/b", "/;a/dropzone", "/a;b/c;/;d");

    /** @param bytes what follows {@code /upload} in the path */
    @FuzzTest
    void hasOnePathNoneOrIsRefused(final byte[] bytes) {
        final String rest = new String(bytes, StandardCharsets.ISO_8859_1);
        final String first = nameIn("", rest);
        for (final String context : CONTEXTS) {
            assertThat(nameIn(context, rest)).as("below '%s'", context).isEqualTo(first);
        }
        assertThat("/" + first + "/").doesNotContain("//");
    }

    private static String nameIn(final String context, final String rest) {
        try {
            final Optional<String> name = UploadTarget.nameIn(RequestStub.of(
                    Map.of("getContextPath", context, "getRequestURI", context + "/upload" + rest), Map.of()));
            assertThat(name).isNotEqualTo(Optional.of(""));
            return name.orElse("none");
        } catch (final RefusedException e) {
            return "refused";
        }
    }
}
