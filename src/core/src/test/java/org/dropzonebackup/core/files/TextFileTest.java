package org.dropzonebackup.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFileTest {

    private static final String TEXT = "one\r\nB\u00fcro\r\n";

    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("file");
    }

    @Test
    void readsUtf8WithAndWithoutAByteOrderMark() throws IOException {
        Files.writeString(file, TEXT);
        assertThat(TextFile.read(file)).isEqualTo(TEXT);
        Files.writeString(file, "\uFEFF" + TEXT);
        assertThat(TextFile.read(file)).isEqualTo(TEXT);
        Files.writeString(file, "");
        assertThat(TextFile.read(file)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"windows-1252, '', line 2 is not UTF-8: ", "UTF-16LE, '\uFEFF', line 1 is not UTF-8 but UTF-16",
        "UTF-16BE, '\uFEFF', line 1 is not UTF-8 but UTF-16", "UTF-16LE, '', line 1 is not UTF-8 but UTF-16"})
    void namesTheLineInAnotherEncodingAndSaysWhatToDo(final String encoding, final String mark, final String said)
            throws IOException {
        Files.write(file, (mark + TEXT).getBytes(Charset.forName(encoding)));

        assertThatThrownBy(() -> TextFile.read(file)).isInstanceOf(IOException.class)
                .hasMessageStartingWith(said).hasMessageContaining("save it as UTF-8");
    }

    @Test
    void rejectsATruncatedCharacterAtTheEnd() {
        final byte[] cut = {'a', '\n', '\n', (byte) 0xC3};

        assertThatThrownBy(() -> TextFile.decode(cut)).hasMessage("line 3 is not UTF-8");
        assertThat(new String(cut, StandardCharsets.UTF_8)).endsWith("\uFFFD");
    }
}
