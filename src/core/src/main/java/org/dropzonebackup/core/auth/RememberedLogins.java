package org.dropzonebackup.core.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.dropzonebackup.core.users.PasswordHash;

/**
 * Logins that were right a short time ago. What is kept is a keyed hash over the address, the stored password hash (so
 * that a changed one is never met) and the password; the key lives as long as this object. A hit does not prolong it.
 * Bounded; safe for threads.
 */
final class RememberedLogins {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST = 10_000;
    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final Cache<ByteBuffer, Boolean> logins;

    RememberedLogins(final LongSupplier nanoTime) {
        final byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, MAC);
        logins = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(REMEMBERED)
                .ticker(nanoTime::getAsLong)
                .build();
    }

    boolean contains(final ByteBuffer login) {
        return logins.getIfPresent(login) != null;
    }

    void add(final ByteBuffer login) {
        logins.put(login, true);
    }

    /** What a login is remembered as. Each part goes in behind its length, so that no two logins read the same. */
    ByteBuffer fingerprint(final InetAddress from, final String user, final PasswordHash hash, final String password) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (final byte[] part : new byte[][] {from.getAddress(), utf8(user), utf8(hash.text()), utf8(password)}) {
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
                mac.update(part);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
