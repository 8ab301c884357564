package org.dropzonebackup.web.headers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text of headers, which comes as UTF-8 from most clients and as ISO-8859-1 from the others. */
public final class HeaderText {

    private HeaderText() {
    }

    /** Bytes that are valid UTF-8 are hardly ever meant as ISO-8859-1. */
    public static String decode(final byte[] bytes, final int offset, final int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length)).toString();
        } catch (final CharacterCodingException notUtf8) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** For a header of the request, which the container gives with a character for each byte. */
    public static String decode(final String header) {
        final byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return decode(bytes, 0, bytes.length);
    }
}
