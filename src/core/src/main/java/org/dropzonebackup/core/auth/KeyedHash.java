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

    /** With its key, and nothing else in it: looking for an implementation takes longer than a hash does. */
    private final Mac empty;

    KeyedHash() {
        final byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        try {
            empty = Mac.getInstance(MAC);
            empty.init(new SecretKeySpec(secret, MAC));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /** Each text goes in behind its length, so that no two lists of them read the same. */
    ByteBuffer of(final String... texts) {
        final Mac mac;
        try {
            mac = (Mac) empty.clone();
        } catch (final CloneNotSupportedException e) {
            throw new IllegalStateException("every Java's " + MAC + " can be copied", e);
        }
        for (final String text : texts) {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            mac.update(bytes);
        }
        return ByteBuffer.wrap(mac.doFinal());
    }
}
