package org.dropzonebackup.web.headers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes encoded words in headers (RFC 2047) as clients really send them: with text directly before and behind them, and cut in
 * the middle of a character, so that the bytes of adjacent words are joined before they are decoded. White space between two
 * words is dropped. What cannot be decoded stays as it is.
 */
public final class EncodedWords {

    private static final String WORD = "=\\?([^?\\s*]++)(?:\\*[^?\\s]*+)?\\?([bBqQ])\\?([^?\\s]*+)\\?=";
    private static final Pattern NEXT = Pattern.compile(WORD);
    private static final Pattern ADJACENT = Pattern.compile("\\s*+" + WORD);

    private EncodedWords() {
    }

    static String decode(final String text) {
        final StringBuilder decoded = new StringBuilder();
        final Matcher word = NEXT.matcher(text);
        final Matcher adjacent = ADJACENT.matcher(text);
        int end = 0;
        boolean behindWord = false;
        while (word.find(end)) {
            final String between = text.substring(end, word.start());
            if (!behindWord || !between.isBlank()) {
                decoded.append(between);
            }
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            boolean readable = append(word, bytes);
            int last = word.end();
            final String charset = word.group(1);
            while (adjacent.region(last, text.length()).lookingAt() && adjacent.group(1).equalsIgnoreCase(charset)) {
                readable &= append(adjacent, bytes);
                last = adjacent.end();
            }
            final String encoded = text.substring(word.start(), last);
            final String words = readable ? text(charset, bytes.toByteArray(), encoded) : encoded;
            decoded.append(words);
            behindWord = !words.equals(encoded);
            end = last;
        }
        return decoded.append(text.substring(end)).toString();
    }

    /** @return whether it can be read */
    private static boolean append(final Matcher word, final ByteArrayOutputStream bytes) {
        try {
            bytes.writeBytes(word.group(2).equalsIgnoreCase("b") ? Base64.getDecoder().decode(word.group(3)) : unquoted(word.group(3)));
            return true;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] unquoted(final String content) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < content.length(); i++) {
            final char c = content.charAt(i);
            if (c == '=' && i + 2 < content.length()) {
                bytes.write(HexFormat.fromHexDigits(content, i + 1, i + 3));
                i += 2;
            } else if (c > ' ' && c <= '~') {
                bytes.write(c == '_' ? ' ' : c);
            } else {
                throw new IllegalArgumentException("not encoded");
            }
        }
        return bytes.toByteArray();
    }

    private static String text(final String charset, final byte[] bytes, final String otherwise) {
        try {
            return Charset.forName(charset).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException | IllegalCharsetNameException | UnsupportedCharsetException e) {
            return otherwise;
        }
    }
}
