package org.dropzonebackup.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import org.dropzonebackup.core.refusal.Refusal.NameNotUsable;
import org.dropzonebackup.core.refusal.RefusedException;

/** Tests that any name that a client sends becomes a safe name, or is refused. */
class FileNameFuzz {

    private static final String SUFFIX = ".~tmp";

    @FuzzTest
    void namesAreSafe(final byte[] submitted) {
        // UTF-16 also yields unpaired surrogates
        assertSafe(new String(submitted, StandardCharsets.UTF_8));
        assertSafe(new String(submitted, StandardCharsets.UTF_16BE));
    }

    private static void assertSafe(final String submitted) {
        assertSafe(submitted, new FileName.Rules(SUFFIX, false));
        assertSafe(submitted, new FileName.Rules(SUFFIX, true));
    }

    private static void assertSafe(final String submitted, final FileName.Rules rules) {
        final FileName name;
        try {
            name = rules.path(submitted, false).name();
        } catch (final RefusedException e) {
            assertThat(e.refusal()).isInstanceOf(NameNotUsable.class);
            return;
        }
        final String text = name.toString();
        assertThat(parseAgain(text, rules)).as("once more").isEqualTo(text);
        assertThat(text).isNotEmpty().doesNotContain("/", "\\").isNotIn(".", "..").doesNotEndWith(SUFFIX);
        assertThat(text.chars().noneMatch(Character::isISOControl)).as("no controls").isTrue();
        assertThat(Normalizer.isNormalized(text, Normalizer.Form.NFC)).as("in NFC").isTrue();
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(bytes).hasSizeLessThanOrEqualTo(255);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).as("as bytes").isEqualTo(text);
        assertThat(Path.of("box").resolve(text).getParent()).isEqualTo(Path.of("box"));
        if (rules.windows()) {
            assertThat(text).doesNotContain("<", ">", ":", "\"", "|", "?", "*").doesNotEndWith(".").doesNotEndWith(" ");
        }
    }

    private static String parseAgain(final String text, final FileName.Rules rules) {
        try {
            return rules.name(text).toString();
        } catch (final RefusedException e) {
            return e.getMessage();
        }
    }
}
