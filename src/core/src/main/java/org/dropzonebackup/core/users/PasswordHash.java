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

    private static final Pattern FORM = Pattern.compile("\\$argon2(id|i|d)\\$v=(16|19)"
            + "\\$m=(\\d{1,10}),t=(\\d{1,10}),p=(\\d{1,10})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");
    /** In KiB that are computed, which takes seconds: more would keep a thread from all other logins. */
    private static final long MOST_WORK = 1 << 21;
    private static final int LANE_KIB = 8;
    /** The blocks of a KiB each are objects, which have heads and are listed: one byte more for so many. */
    private static final int BYTES_A_HEAD_BYTE = 16;
    private static final int KEPT_BY_JAVA = 8;
    private static final int SALT_BYTES = 16;
    private static final int TAG_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The memory in KiB, passes and lanes of new hashes: what OWASP recommends at least. */
    private static final String DEFAULTS = "$argon2id$v=19$m=19456,t=2,p=1$";

    /**
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public PasswordHash {
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the password is not an Argon2 hash such as " + DEFAULTS + "SALT$TAG");
        }
        final long memory = Long.parseLong(matcher.group(3));
        final long passes = Long.parseLong(matcher.group(4));
        final long lanes = Long.parseLong(matcher.group(5));
        if (passes < 1 || lanes < 1 || memory < LANE_KIB * lanes || memory > MOST_WORK / passes) {
            throw new IllegalArgumentException("the password is an Argon2 hash with parameters out of bounds: t and p at least 1,"
                    + " m at least 8 x p, and m x t at most " + MOST_WORK);
        }
        requireWhole("salt", matcher.group(6));
        requireWhole("tag", matcher.group(7));
    }

    /** Of text that was cut, some cannot be decoded, and most of the rest is not what the bytes encode to. */
    private static void requireWhole(final String what, final String base64) {
        // Four characters are three bytes; of a last group there are two characters or more
        if (base64.length() % 4 == 1 || !encode(decode(base64)).equals(base64)) {
            throw new IllegalArgumentException("the password hash is damaged: its " + what
                    + " is not whole base64, some of it is missing or was changed");
        }
    }

    /** Hashes a password. Takes tens of milliseconds and 19 MiB. */
    public static PasswordHash of(final String password) {
        final String salted = DEFAULTS + encode(random(SALT_BYTES)) + "$";
        final PasswordHash blank = new PasswordHash(salted + encode(new byte[TAG_BYTES]));
        return new PasswordHash(salted + encode(blank.tagOf(password)));
    }

    /** A hash that no password fits, and that costs as much to find out as any new one. */
    public static PasswordHash decoy() {
        return new PasswordHash(DEFAULTS + encode(random(SALT_BYTES)) + "$" + encode(random(TAG_BYTES)));
    }

    /** Bytes of the heap that verifying a password takes. */
    public long memory() {
        final long blocks = Long.parseLong(field(3)) << 10;
        return blocks + blocks / BYTES_A_HEAD_BYTE;
    }

    /** Bytes that a server has to be given ({@code -Xmx}) to verify a password: twice as much, and what Java keeps of it. */
    public long serverMemory() {
        return 2 * memory() + memory() / KEPT_BY_JAVA;
    }

    /** Whether this is the hash of a password; compares in constant time. Takes what the hash says it does. */
    public boolean verify(final String password) {
        return prepare().matches(password);
    }

    /** Allocates the memory of one verification, all at once. */
    public Verification prepare() {
        return new Verification(this);
    }

    private byte[] tagOf(final String password) {
        return prepare().tagOf(password);
    }

    private String field(final int group) {
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("checked when it was made");
        }
        return matcher.group(group);
    }

    /** One verification, whose memory is there and is given back at its end. Not safe for threads. */
    public static final class Verification {

        private final Argon2BytesGenerator generator = new Argon2BytesGenerator();
        private final byte[] tag;

        private Verification(final PasswordHash hash) {
            tag = decode(hash.field(7));
            final int type = switch (hash.field(1)) {
                case "id" -> Argon2Parameters.ARGON2_id;
                case "i" -> Argon2Parameters.ARGON2_i;
                default -> Argon2Parameters.ARGON2_d;
            };
            generator.init(new Argon2Parameters.Builder(type)
                    .withVersion(Integer.parseInt(hash.field(2)))
                    .withMemoryAsKB(Integer.parseInt(hash.field(3)))
                    .withIterations(Integer.parseInt(hash.field(4)))
                    .withParallelism(Integer.parseInt(hash.field(5)))
                    .withSalt(decode(hash.field(6)))
                    .build());
        }

        /** Whether the hash is that of a password; compares in constant time. To be asked once. */
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
