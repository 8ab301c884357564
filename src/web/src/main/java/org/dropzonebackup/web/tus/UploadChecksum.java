package org.dropzonebackup.web.tus;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.upload.Checksum;

/** {@code Upload-Checksum}: what a client says of the body of its request. */
final class UploadChecksum {

    /** As tus spells them; what Java calls them. */
    private static final Map<String, String> ALGORITHMS = Map.of("sha1", "SHA-1", "sha256", "SHA-256");

    /** For {@code Tus-Checksum-Algorithm}. */
    static final String OFFERED = "sha1,sha256";

    private static final Problem MISMATCH = new Problem(460, "The content of this request does not match its Upload-Checksum:"
            + " it was damaged on the way, and nothing of it was kept. Send it again.", Map.of());

    private UploadChecksum() {
    }

    /**
     * @param header as it came
     * @throws RefusedException with {@link Malformed} if it cannot be read or its algorithm is not offered
     */
    static Checksum parse(final String header) throws RefusedException {
        final String[] parts = header.strip().split(" +");
        final String algorithm = ALGORITHMS.get(parts[0]);
        if (algorithm == null || parts.length != 2) {
            throw malformed("it must be one of " + OFFERED + ", a blank, and the checksum in base64");
        }
        try {
            final MessageDigest digest = MessageDigest.getInstance(algorithm);
            final byte[] expected = Base64.getDecoder().decode(parts[1]);
            if (expected.length != digest.getDigestLength()) {
                throw malformed(parts[0] + " has " + digest.getDigestLength() + " bytes, got " + expected.length);
            }
            return new Checksum(Map.of(digest, expected), MISMATCH);
        } catch (final IllegalArgumentException e) {
            throw malformed("the checksum is not base64");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private static RefusedException malformed(final String why) {
        return new RefusedException(new Malformed("The Upload-Checksum cannot be used: " + why + "."));
    }
}
