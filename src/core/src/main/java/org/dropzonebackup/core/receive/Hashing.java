package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.store.Entry;
import org.dropzonebackup.core.store.Retainable;

/**
 * Takes SHA-256 of a content, and whatever other digest is expected of it. Belongs to one file; not safe for threads.
 */
final class Hashing {

    /** Bytes: to wake a thread takes as long as the digest of a tenth of them. */
    private static final int OVERLAPPED = 256 * 1024;

    private final Map<DigestAlgorithm, byte[]> expected;
    private final Map<DigestAlgorithm, MessageDigest> running = new EnumMap<>(DigestAlgorithm.class);
    private final Map<DigestAlgorithm, byte[]> results = new EnumMap<>(DigestAlgorithm.class);
    private final OverlappedDigests digests;
    private final Executor helpers;
    private long position;

    Hashing(final Map<DigestAlgorithm, byte[]> expected, final Executor helpers) {
        this.expected = expected;
        this.helpers = helpers;
        running.put(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_256.start());
        expected.keySet().forEach(algorithm -> running.putIfAbsent(algorithm, algorithm.start()));
        digests = new OverlappedDigests(running.values(), helpers);
    }

    /**
     * Goes on with the bytes of a stored file.
     *
     * @param most bytes
     * @return how many bytes these were
     */
    long read(final Entry stored, final long most) throws IOException {
        final long count = stored.digest(new ArrayList<>(running.values()), position, most);
        position += count;
        return count;
    }

    /** This, to go on from here once more. */
    Hashing copy() {
        digests.await();
        final Hashing copy = new Hashing(expected, helpers);
        running.forEach((algorithm, digest) -> copy.running.put(algorithm, algorithm.copy(digest)));
        copy.position = position;
        return copy;
    }

    /** How many bytes it has seen. */
    long position() {
        return position;
    }

    void update(final ByteBuffer bytes) {
        position += bytes.remaining();
        digests.update(bytes);
    }

    /**
     * The same, on another thread while the next bytes come, if there are so many that it is worth to wake one.
     *
     * @param memory of the bytes; retained until that is done, if it can be
     */
    void update(final ByteBuffer bytes, final Retainable memory) {
        if (bytes.remaining() >= OVERLAPPED && memory.retain()) {
            position += bytes.remaining();
            digests.updateLater(bytes, memory::release);
        } else {
            update(bytes);
        }
    }

    void finish() {
        digests.await();
        running.forEach((algorithm, digest) -> results.put(algorithm, digest.digest()));
        running.clear();
    }

    /** The first algorithm whose expected value is another one than that of the content. */
    Optional<DigestAlgorithm> mismatch() {
        return expected.keySet().stream()
                .filter(algorithm -> !MessageDigest.isEqual(expected.get(algorithm), results.get(algorithm)))
                .findFirst();
    }

    byte[] sha256() {
        return results.get(DigestAlgorithm.SHA_256).clone();
    }

    String sha256Hex() {
        return HexFormat.of().formatHex(results.get(DigestAlgorithm.SHA_256));
    }
}
