package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text that people wrote, with whatever editor they have: UTF-8, with a byte order mark or without, and nothing else. */
public final class TextFile {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextFile() {
    }

    /**
     * Reads a file.
     *
     * @return its text without a byte order mark
     * @throws IOException if it cannot be read, or is no UTF-8; the message says which line is not, and what to do
     */
    public static String read(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        try {
            return decode(bytes);
        } catch (final CharacterCodingException e) {
            throw new IOException(e.getMessage() + ": save it as UTF-8 (Notepad: Save as, Encoding: UTF-8)", e);
        }
    }

    /**
     * Reads bytes.
     *
     * @return their text without a byte order mark
     * @throws CharacterCodingException if they are no UTF-8; the message says which line is not
     */
    public static String decode(final byte[] bytes) throws CharacterCodingException {
        // Zero bytes: what Windows calls Unicode, perhaps without its mark
        final int zero = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\0');
        if (zero >= 0 || startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            throw new NotUtf8(lineOf(bytes, Math.max(0, zero)), " but UTF-16");
        }
        final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        final ByteBuffer read = ByteBuffer.wrap(bytes);
        final CharBuffer text = CharBuffer.allocate(bytes.length);
        if (decoder.decode(read, text, true).isError()) {
            throw new NotUtf8(lineOf(bytes, read.position()), "");
        }
        final String decoded = text.flip().toString();
        return decoded.indexOf(BYTE_ORDER_MARK) == 0 ? decoded.substring(1) : decoded;
    }

    private static boolean startsWith(final byte[] bytes, final int first, final int second) {
        return bytes.length > 1 && bytes[0] == (byte) first && bytes[1] == (byte) second;
    }

    private static int lineOf(final byte[] bytes, final int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    private static final class NotUtf8 extends CharacterCodingException {

        private static final long serialVersionUID = 1L;

        private final int line;
        private final String what;

        NotUtf8(final int line, final String what) {
            this.line = line;
            this.what = what;
        }

        @Override
        public String getMessage() {
            return "line " + line + " is not UTF-8" + what;
        }
    }
}
