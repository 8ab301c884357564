package org.dropzonebackup.core.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A hash that nobody else can compute: its key lives as long as this object. Safe for threads. */
final class KeyedHash {

    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec key;

    KeyedHash() {
        final byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, MAC);
    }

    /** Each text goes in behind its length, so that no two lists of them read the same. */
    ByteBuffer of(final String... texts) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (final String text : texts) {
                final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }
}
