package org.dropzonebackup.core.users;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password hash as one self-describing string: Argon2 (RFC 9106) in the PHC string format. Immutable; never printed.
 *
 * @param text {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$TAG}
 */
public record PasswordHash(String text) {

    private static final Pattern FORMAT = Pattern.compile("\\$argon2(id|i|d)\\$v=(16|19)"
            + "\\$m=(\\d{1,10}),t=(\\d{1,10}),p=(\\d{1,10})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");
    /** KiB times passes, which take seconds: with more, one login would keep a thread from all others. */
    private static final long MAX_WORK = 1 << 21;
    private static final int LANE_KIB = 8;
    /** Each KiB of Argon2 is a Java array, whose header and reference add one byte per this number of bytes. */
    private static final int BYTES_PER_OVERHEAD_BYTE = 16;
    /** The part of the heap that Java needs besides, as a divisor of the hash's memory. */
    private static final int JVM_SHARE = 8;
    private static final int SALT_BYTES = 16;
    private static final int TAG_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The memory in KiB, passes and lanes of new hashes: the minimum that OWASP recommends. */
    private static final String DEFAULTS = "$argon2id$v=19$m=19456,t=2,p=1$";

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public PasswordHash {
        final Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the password is not an Argon2 hash such as " + DEFAULTS + "SALT$TAG");
        }
        final long memory = Long.parseLong(matcher.group(3));
        final long passes = Long.parseLong(matcher.group(4));
        final long lanes = Long.parseLong(matcher.group(5));
        if (passes < 1 || lanes < 1 || memory < LANE_KIB * lanes || memory > MAX_WORK / passes) {
            throw new IllegalArgumentException("the password is an Argon2 hash with parameters out of bounds: t and p at least 1,"
                    + " m at least 8 x p, and m x t at most " + MAX_WORK);
        }
        checkBase64("salt", matcher.group(6));
        checkBase64("tag", matcher.group(7));
    }

    /** Detects truncated text: some of it cannot be decoded, and most of the rest does not encode to the same again. */
    private static void checkBase64(final String name, final String base64) {
        if (base64.length() % 4 == 1 || !encode(decode(base64)).equals(base64)) {
            throw new IllegalArgumentException("the password hash is damaged: its " + name
                    + " is not whole base64, some of it is missing or was changed");
        }
    }

    /** Hashes a password, which takes tens of milliseconds and 19 MiB. */
    public static PasswordHash of(final String password) {
        final String salted = DEFAULTS + encode(random(SALT_BYTES)) + "$";
        final PasswordHash blank = new PasswordHash(salted + encode(new byte[TAG_BYTES]));
        return new PasswordHash(salted + encode(blank.prepare().tagOf(password)));
    }

    /** Makes a hash that matches no password, and takes as long to verify as any new one. */
    public static PasswordHash decoy() {
        return new PasswordHash(DEFAULTS + encode(random(SALT_BYTES)) + "$" + encode(random(TAG_BYTES)));
    }

    /** Bytes of heap that a verification takes. */
    public long memory() {
        final long blocks = Long.parseLong(parsed().group(3)) << 10;
        return blocks + blocks / BYTES_PER_OVERHEAD_BYTE;
    }

    /** Bytes of heap that a server needs ({@code -Xmx}) for a verification, which may take half of it. */
    public long serverMemory() {
        return 2 * memory() + memory() / JVM_SHARE;
    }

    /** Allocates the memory of one verification. */
    public Verification prepare() {
        return new Verification(parsed());
    }

    private Matcher parsed() {
        final Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("checked by the constructor");
        }
        return matcher;
    }

    /** One verification with its memory, which is freed with this object. To be used once; not safe for threads. */
    public static final class Verification {

        private final Argon2BytesGenerator generator = new Argon2BytesGenerator();
        private final byte[] tag;

        private Verification(final Matcher hash) {
            tag = decode(hash.group(7));
            final int type = switch (hash.group(1)) {
                case "id" -> Argon2Parameters.ARGON2_id;
                case "i" -> Argon2Parameters.ARGON2_i;
                default -> Argon2Parameters.ARGON2_d;
            };
            generator.init(new Argon2Parameters.Builder(type)
                    .withVersion(Integer.parseInt(hash.group(2)))
                    .withMemoryAsKB(Integer.parseInt(hash.group(3)))
                    .withIterations(Integer.parseInt(hash.group(4)))
                    .withParallelism(Integer.parseInt(hash.group(5)))
                    .withSalt(decode(hash.group(6)))
                    .build());
        }

        /** Whether the hash is that of a password. Takes the time that the hash specifies, and compares in constant time. */
        public boolean matches(final String password) {
            return MessageDigest.isEqual(tag, tagOf(password));
        }

        private byte[] tagOf(final String password) {
            final byte[] computed = new byte[tag.length];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), computed);
            return computed;
        }
    }

    private static byte[] random(final int length) {
        final byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String encode(final byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(final String base64) {
        return Base64.getDecoder().decode(base64);
    }

    @Override
    public String toString() {
        return "PasswordHash[not shown]";
    }
}
