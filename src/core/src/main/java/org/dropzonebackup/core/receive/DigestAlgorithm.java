package org.dropzonebackup.core.receive;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The digest algorithms that a client may use for a file. Source: RFC 9530, section 5, which calls those that are not strong
 * insecure: they show accidental damage, but do not protect against deception.
 */
public enum DigestAlgorithm {
    SHA_256("sha-256", "SHA-256", 32, true),
    SHA_512("sha-512", "SHA-512", 64, true),
    MD5("md5", "MD5", 16, false),
    SHA("sha", "SHA-1", 20, false);

    private final String key;
    private final String javaName;
    private final int length;
    private final boolean strong;

    DigestAlgorithm(final String key, final String javaName, final int length, final boolean strong) {
        this.key = key;
        this.javaName = javaName;
        this.length = length;
        this.strong = strong;
    }

    /** The algorithm of a key as RFC 9530 registers it. */
    public static Optional<DigestAlgorithm> ofKey(final String key) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.key.equals(key)).findFirst();
    }

    /** The key as RFC 9530 registers it. */
    public String key() {
        return key;
    }

    /** Bytes of a digest. */
    public int length() {
        return length;
    }

    /** Whether nobody can make two contents that have the same digest. */
    public boolean isStrong() {
        return strong;
    }

    /** A digest that has seen nothing yet. */
    public MessageDigest start() {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + javaName, e);
        }
    }

    MessageDigest copy(final MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (final CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own " + javaName + " can be copied", e);
        }
    }
}
