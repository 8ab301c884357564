package org.dropzonebackup.web.pieces;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/** The digests that a client sent with the content of one request, and their comparison with it. Not safe for threads. */
public final class Checksum {

    private final Map<MessageDigest, byte[]> expected = new HashMap<>();
    private final Problem mismatch;

    /**
     * @param digests of the content
     * @param mismatch what the client is told if one of them does not match
     */
    public Checksum(final Map<DigestAlgorithm, byte[]> digests, final Problem mismatch) {
        digests.forEach((algorithm, digest) -> expected.put(algorithm.start(), digest));
        this.mismatch = mismatch;
    }

    /** Takes more of the content, and consumes nothing of it. */
    void update(final ByteBuffer bytes) {
        expected.keySet().forEach(digest -> digest.update(bytes.duplicate()));
    }

    /**
     * Compares the digests, once all of the content has come.
     *
     * @throws ProblemException if one does not match
     */
    void verify() throws ProblemException {
        for (final Map.Entry<MessageDigest, byte[]> digest : expected.entrySet()) {
            if (!MessageDigest.isEqual(digest.getKey().digest(), digest.getValue())) {
                throw new ProblemException(mismatch);
            }
        }
    }
}
