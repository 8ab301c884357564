package org.dropzonebackup.core.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An HMAC-SHA-256 whose random key never leaves this object, so nobody else can compute it. Safe for threads. */
final class KeyedHash {

    private static final String ALGORITHM = "HmacSHA256";

    /** Kept, as looking up an implementation takes longer than a hash. */
    private final Mac mac;

    KeyedHash() {
        final byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Hashes texts. Each is preceded by its length, so that different lists of texts never hash the same input. */
    synchronized ByteBuffer of(final String... texts) {
        for (final String text : texts) {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            mac.update(bytes);
        }
        return ByteBuffer.wrap(mac.doFinal());
    }
}
