package org.dropzonebackup.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    private static final FileName.Rules LINUX = new FileName.Rules(".~tmp", false);
    private static final FileName.Rules WINDOWS = new FileName.Rules(".~tmp", true);

    @ParameterizedTest
    @CsvSource({"db.dump, db.dump", "../../etc/passwd, passwd", "C:\\Users\\a\\x.zip, x.zip",
        "db-2026-11-23T02:17:00.sql, db-2026-11-23T02:17:00.sql", "日本語.txt, 日本語.txt", "...., ...."})
    void usesTheLastSegmentOfAPath(final String submitted, final String name) throws RefusedException {
        assertThat(LINUX.path(submitted, false)).hasToString(name);
    }

    @Test
    void normalisesToComposedForm() throws RefusedException {
        assertThat(LINUX.path("a\u0301.txt", false)).hasToString("\u00e1.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "dir/", "dir\\", ".", "..", "a/..", "a\0b", "a\nb", "a\u007f", "a\u0085", "x.~tmp", "x.~TMP",
        "\ud800"})
    void refusesUnusableNames(final String submitted) {
        assertThatThrownBy(() -> LINUX.path(submitted, false)).isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @CsvSource({"a//b, it is empty (name 2 of 3 in its path).", "../x, '..' means a directory (name 1 of 2 in its path).",
        ".., '..' means a directory."})
    void saysWhichNameOfAPathIsUnusable(final String submitted, final String said) {
        assertThatThrownBy(() -> LINUX.path(submitted, true)).hasMessageEndingWith(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Büro.sql", "日本語.txt", "\ud83d\ude00.bin", "e\u0301.txt"})
    void refusesNamesThatTheLocaleCannotEncode(final String submitted) throws RefusedException {
        final FileName.Rules narrow = new FileName.Rules(".~tmp", false, StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> narrow.path(submitted, false)).hasMessageContaining("only store names in US-ASCII")
                .hasMessageContaining("LC_ALL=C.UTF-8");
        assertThat(narrow.path("Buero.sql", false)).hasToString("Buero.sql");
        assertThat(narrow.isLimitedByLocale()).isTrue();
        assertThat(LINUX.isLimitedByLocale()).isFalse();
    }

    @Test
    void countsBytesAndNotCharacters() throws RefusedException {
        assertThat(LINUX.path("ő".repeat(127) + "x", false).toString()).hasSize(128);
        assertThatThrownBy(() -> LINUX.path("ő".repeat(128), false)).hasMessageContaining("256 bytes, limit 255");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CON", "nul.txt", "com1", "LPT9.log", "COM\u00b9", "aux .tar.gz", "conin$", "a:b", "a.txt::$DATA", "a<b", "a>b",
            "a\"b", "a|b", "a?", "a*", "dot.", "blank "})
    void refusesNamesThatWindowsCannotStore(final String submitted) throws RefusedException {
        assertThat(LINUX.path(submitted, false)).hasToString(submitted);
        assertThatThrownBy(() -> WINDOWS.path(submitted, false)).isInstanceOf(RefusedException.class);
    }

    @Test
    void namesAFileAfterTheServersTime() {
        assertThat(FileName.timestamp(Instant.parse("2026-11-23T02:17:00.123456Z"))).hasToString("2026-11-23T02-17-00_123456");
    }
}
