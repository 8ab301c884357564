package org.dropzonebackup.web.headers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes the text of headers, which most clients send as UTF-8 and the others as ISO-8859-1. */
public final class HeaderText {

    private HeaderText() {
    }

    /** Decodes bytes: those that are valid UTF-8 are hardly ever meant as ISO-8859-1. */
    public static String decode(final byte[] bytes, final int offset, final int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length)).toString();
        } catch (final CharacterCodingException notUtf8) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** Decodes a header that the container gives with a character for each byte. */
    public static String decode(final String header) {
        final byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return decode(bytes, 0, bytes.length);
    }
}
