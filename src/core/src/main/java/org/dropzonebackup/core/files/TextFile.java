package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Reads text that people wrote in any editor: UTF-8, with or without a byte order mark, and nothing else. */
public final class TextFile {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextFile() {
    }

    /**
     * Reads a file.
     *
     * @return its text without a byte order mark
     * @throws IOException if it cannot be read or is not UTF-8; the message names the line, and says what to do
     */
    public static String read(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        try {
            return decode(bytes);
        } catch (final IOException e) {
            throw new IOException(e.getMessage() + ": save it as UTF-8 (Notepad: Save as, Encoding: UTF-8)", e);
        }
    }

    /**
     * Decodes UTF-8.
     *
     * @return the text without a byte order mark
     * @throws IOException if the bytes are not UTF-8; the message names the line
     */
    public static String decode(final byte[] bytes) throws IOException {
        // Windows calls UTF-16 "Unicode", and may leave out its mark: the zero bytes tell
        final int zero = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\0');
        if (zero >= 0 || startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            throw notUtf8(bytes, zero, " but UTF-16");
        }
        final ByteBuffer read = ByteBuffer.wrap(bytes);
        final CharBuffer text = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(read, text, true).isError()) {
            throw notUtf8(bytes, read.position(), "");
        }
        final String decoded = text.flip().toString();
        return decoded.indexOf(BYTE_ORDER_MARK) == 0 ? decoded.substring(1) : decoded;
    }

    private static boolean startsWith(final byte[] bytes, final int first, final int second) {
        return bytes.length > 1 && bytes[0] == (byte) first && bytes[1] == (byte) second;
    }

    private static IOException notUtf8(final byte[] bytes, final int position, final String butWhat) {
        final long line = 1 + IntStream.range(0, position).filter(i -> bytes[i] == '\n').count();
        return new IOException("line " + line + " is not UTF-8" + butWhat);
    }
}
