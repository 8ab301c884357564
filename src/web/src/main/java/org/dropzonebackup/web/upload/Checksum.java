package org.dropzonebackup.web.upload;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;

/** What a client said of the content of one request. Belongs to that request; not safe for threads. */
public final class Checksum {

    private final Map<MessageDigest, byte[]> expected;
    private final Refusal mismatch;

    /**
     * @param expected of each digest, which has seen nothing yet
     * @param mismatch what the client is told if it is another one
     */
    public Checksum(final Map<MessageDigest, byte[]> expected, final Refusal mismatch) {
        this.expected = expected;
        this.mismatch = mismatch;
    }

    /** More came; nothing is consumed. */
    void update(final ByteBuffer bytes) {
        expected.keySet().forEach(digest -> digest.update(bytes.duplicate()));
    }

    /**
     * All came.
     *
     * @throws RefusedException if it is not what the client said
     */
    void verify() throws RefusedException {
        for (final Map.Entry<MessageDigest, byte[]> digest : expected.entrySet()) {
            if (!MessageDigest.isEqual(digest.getKey().digest(), digest.getValue())) {
                throw new RefusedException(mismatch);
            }
        }
    }
}
