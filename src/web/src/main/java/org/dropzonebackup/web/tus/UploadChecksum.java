package org.dropzonebackup.web.tus;

import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.pieces.Checksum;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.upload.Upload;

/** Reads {@code Upload-Checksum}: the checksum of the body of a request. */
final class UploadChecksum {

    /** As tus spells them. */
    private static final Map<String, DigestAlgorithm> ALGORITHMS =
            Map.of("sha1", DigestAlgorithm.SHA, "sha256", DigestAlgorithm.SHA_256);

    /** For {@code Tus-Checksum-Algorithm}. */
    static final String OFFERED = "sha1,sha256";

    private static final Problem MISMATCH = new Problem(460, "The content of this request does not match the checksum that was"
            + " sent with it: it was damaged on the way, and nothing of it was kept. Send it again.", Map.of());

    private UploadChecksum() {
    }

    /**
     * @param header as it came, if it did
     * @param digests of the same body, from other headers
     * @throws RefusedException with {@link Malformed} if it cannot be read, its algorithm is not offered, or it contradicts
     *         the others
     */
    static Optional<Checksum> parse(final Optional<String> header, final Map<DigestAlgorithm, byte[]> digests)
            throws RefusedException {
        final Map<DigestAlgorithm, byte[]> all = new EnumMap<>(DigestAlgorithm.class);
        all.putAll(digests);
        if (header.isPresent()) {
            final String[] parts = header.get().strip().split(" +");
            final DigestAlgorithm algorithm = ALGORITHMS.get(parts[0]);
            if (algorithm == null || parts.length != 2) {
                throw malformed("it must be one of " + OFFERED + ", a blank, and the checksum in base64");
            }
            final byte[] expected = decode(parts[1]);
            if (expected.length != algorithm.length()) {
                throw malformed(parts[0] + " has " + algorithm.length() + " bytes, got " + expected.length);
            }
            final byte[] other = all.put(algorithm, expected);
            if (other != null && !Arrays.equals(other, expected)) {
                throw malformed("another header says another one");
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(new Checksum(all, MISMATCH));
    }

    private static byte[] decode(final String base64) throws RefusedException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (final IllegalArgumentException e) {
            throw malformed("the checksum is not base64");
        }
    }

    private static RefusedException malformed(final String why) {
        return Headers.malformed("The Upload-Checksum cannot be used: " + why + ".");
    }
}
