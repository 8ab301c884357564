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
            + "\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");
    private static final int MAX_MEMORY_KIB = 1 << 20;
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
        final int memory = Integer.parseInt(matcher.group(3));
        final int lanes = Integer.parseInt(matcher.group(5));
        if (memory > MAX_MEMORY_KIB || lanes < 1 || memory < 8 * lanes || Integer.parseInt(matcher.group(4)) < 1) {
            throw new IllegalArgumentException("the password hash has parameters out of bounds: m from 8 x p to "
                    + MAX_MEMORY_KIB + ", t and p at least 1");
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

    /** Bytes of memory that verifying a password takes. */
    public long memory() {
        return Long.parseLong(field(3)) << 10;
    }

    /** Whether this is the hash of a password; compares in constant time. Takes what the hash says it does. */
    public boolean verify(final String password) {
        return MessageDigest.isEqual(decode(field(7)), tagOf(password));
    }

    private byte[] tagOf(final String password) {
        final int type = switch (field(1)) {
            case "id" -> Argon2Parameters.ARGON2_id;
            case "i" -> Argon2Parameters.ARGON2_i;
            default -> Argon2Parameters.ARGON2_d;
        };
        final Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(type)
                .withVersion(Integer.parseInt(field(2)))
                .withMemoryAsKB(Integer.parseInt(field(3)))
                .withIterations(Integer.parseInt(field(4)))
                .withParallelism(Integer.parseInt(field(5)))
                .withSalt(decode(field(6)))
                .build());
        final byte[] tag = new byte[decode(field(7)).length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), tag);
        return tag;
    }

    private String field(final int group) {
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("checked when it was made");
        }
        return matcher.group(group);
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
