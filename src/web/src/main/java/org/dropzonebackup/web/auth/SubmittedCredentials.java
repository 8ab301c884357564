package org.dropzonebackup.web.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.dropzonebackup.core.auth.Credentials;

/**
 * What a request says about its sender: the headers {@code Username} and {@code Password}, else
 * {@code Authorization: Basic} (RFC 7617).
 *
 * @param given whether there is anything at all, right or wrong
 * @param challenge whether it came by {@code Authorization}, so that a challenge can help
 * @param credentials nothing if they are incomplete or cannot be read
 */
record SubmittedCredentials(boolean given, boolean challenge, Optional<Credentials> credentials) {

    static SubmittedCredentials of(final HttpServletRequest request) {
        final String user = text(request.getHeader("Username")).strip();
        final String password = text(request.getHeader("Password"));
        if (!user.isEmpty() || !password.isEmpty()) {
            return new SubmittedCredentials(true, false, complete(user, password));
        }
        final String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            return new SubmittedCredentials(false, true, Optional.empty());
        }
        return new SubmittedCredentials(true, true, basic(authorization));
    }

    private static Optional<Credentials> basic(final String authorization) {
        final String[] parts = authorization.strip().split(" +", 2);
        if (parts.length < 2 || !parts[0].equalsIgnoreCase("Basic")) {
            return Optional.empty();
        }
        try {
            final String pair = text(Base64.getDecoder().decode(parts[1].strip()));
            final int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty()
                    : complete(pair.substring(0, colon).strip(), pair.substring(colon + 1));
        } catch (final IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Optional<Credentials> complete(final String user, final String password) {
        return user.isEmpty() || password.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, password));
    }

    /** The container gives a character for each byte of a header. */
    private static String text(final String header) {
        return header == null ? "" : text(header.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Bytes that are valid UTF-8 are hardly ever meant as ISO-8859-1. */
    private static String text(final byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException notUtf8) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
