package org.dropzonebackup.core.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names an upload resource: 128 random bits in lower-case hexadecimal, so that nobody guesses one and every file system
 * takes it. Immutable.
 */
public final class UploadId {

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String hex;

    private UploadId(final String hex) {
        this.hex = hex;
    }

    /** An id that nobody has. */
    public static UploadId random() {
        final byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return new UploadId(HexFormat.of().formatHex(bits));
    }

    /** The id of a text, if it is one as {@link #toString()} writes it. */
    public static Optional<UploadId> parse(final String text) {
        return text.matches("[0-9a-f]{" + 2 * BYTES + "}") ? Optional.of(new UploadId(text)) : Optional.empty();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof UploadId that && hex.equals(that.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public String toString() {
        return hex;
    }
}
