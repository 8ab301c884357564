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

/**
 * Takes SHA-256 of a content, and whatever other digest is expected of it. Belongs to one file; not safe for threads.
 */
final class Hashing {

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

    /** The digests of a stored file. Takes as long as reading it does. */
    static Hashing of(final Entry stored, final Map<DigestAlgorithm, byte[]> expected,
            final Executor helpers) throws IOException {
        final Hashing hashing = new Hashing(expected, helpers);
        final List<MessageDigest> digests = new ArrayList<>(hashing.running.values());
        stored.digest(digests);
        hashing.finish();
        return hashing;
    }

    /** The same, to go on from here once more. */
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
     * The same, when there is time for it.
     *
     * @param taken run when that is done; until then nobody else may change the bytes
     */
    void updateLater(final ByteBuffer bytes, final Runnable taken) {
        position += bytes.remaining();
        digests.updateLater(bytes, taken);
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
