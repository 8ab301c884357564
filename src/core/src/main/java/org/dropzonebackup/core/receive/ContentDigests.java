package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.threads.SerialExecutor;

/**
 * The digests of one content: SHA-256, and those that its client expects. Small pieces are digested by the thread that brings
 * them, large ones later by another, while their memory is retained. {@link #finish} and {@link #copy} wait for that, and {@link
 * #update} where memory cannot be retained. Belongs to one file, and is called by one thread at a time.
 */
final class ContentDigests {

    /** Bytes: waking a thread takes as long as the digest of a tenth of them. */
    private static final int LARGE = 256 * 1024;
    /** Bytes. */
    private static final int AT_ONCE = 8 * 1024;
    /** Those in no use. A digest that is given memory outside of the heap keeps an array of its own until it ends. */
    private static final Queue<byte[]> ARRAYS = new ConcurrentLinkedQueue<>();

    private final Map<DigestAlgorithm, byte[]> expected;
    private final Map<DigestAlgorithm, MessageDigest> running;
    private final Map<DigestAlgorithm, byte[]> results = new EnumMap<>(DigestAlgorithm.class);
    private final Executor threads;
    private final SerialExecutor later;
    private long position;
    /** Why a piece could not be digested: the digests are worth nothing then. */
    private volatile Throwable failure;

    /**
     * @param expected what the digests should be, of each algorithm that the client uses
     * @param threads digest large pieces; may reject them
     */
    ContentDigests(final Map<DigestAlgorithm, byte[]> expected, final Executor threads) {
        this(expected, new EnumMap<>(DigestAlgorithm.class), threads);
        running.put(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_256.start());
        expected.keySet().forEach(algorithm -> running.putIfAbsent(algorithm, algorithm.start()));
    }

    ContentDigests(final Map<DigestAlgorithm, byte[]> expected, final Map<DigestAlgorithm, MessageDigest> running,
            final Executor threads) {
        this.expected = expected;
        this.running = running;
        this.threads = threads;
        this.later = new SerialExecutor(threads);
    }

    /** How many bytes it was given. */
    long position() {
        return position;
    }

    /** Whether nothing is left to be digested, so that {@link #finish} does not wait. */
    boolean isIdle() {
        return later.isIdle();
    }

    /**
     * Takes all remaining bytes, without consuming them.
     *
     * @param memory of the bytes; retained until they are digested, or else they are digested when this returns
     */
    void update(final ByteBuffer bytes, final Retainable memory) {
        position += bytes.remaining();
        final ByteBuffer content = bytes.duplicate();
        // Made before the memory is retained: if that fails, nothing is left to be released
        final Runnable piece = piece(content, memory::release);
        if (isIdle() && bytes.remaining() < LARGE) {
            digest(content);
        } else if (memory.retain()) {
            later.executeOrRun(piece);
        } else {
            await();
            digest(content);
        }
    }

    private Runnable piece(final ByteBuffer bytes, final Runnable release) {
        return () -> {
            try {
                digest(bytes);
            } catch (final Throwable e) {
                failure = e;
            } finally {
                release.run();
            }
        };
    }

    private void digest(final ByteBuffer bytes) {
        final byte[] free = ARRAYS.poll();
        final byte[] array = free == null ? new byte[AT_ONCE] : free;
        while (bytes.hasRemaining()) {
            final int count = Math.min(array.length, bytes.remaining());
            bytes.get(array, 0, count);
            running.values().forEach(digest -> digest.update(array, 0, count));
        }
        ARRAYS.add(array);
    }

    /**
     * Goes on with the bytes of a stored file.
     *
     * @param most bytes
     * @return how many bytes these were
     */
    long read(final StoredFile stored, final long most) throws IOException {
        final long count = stored.digest(new ArrayList<>(running.values()), position, most);
        position += count;
        return count;
    }

    /** A copy, to go on from here once more. May wait. */
    ContentDigests copy() {
        await();
        final Map<DigestAlgorithm, MessageDigest> copies = new EnumMap<>(DigestAlgorithm.class);
        running.forEach((algorithm, digest) -> copies.put(algorithm, algorithm.copy(digest)));
        final ContentDigests copy = new ContentDigests(expected, copies, threads);
        copy.position = position;
        return copy;
    }

    /**
     * Ends the digests; nothing can be brought then. May wait for what is still to be digested.
     *
     * @throws IllegalStateException if a piece could not be digested
     */
    void finish() {
        await();
        running.forEach((algorithm, digest) -> results.put(algorithm, digest.digest()));
        running.clear();
    }

    private void await() {
        later.await();
        if (failure != null) {
            throw new IllegalStateException("a digest could not be taken", failure);
        }
    }

    /** The first algorithm whose digest is not the expected one, once they are finished. */
    Optional<DigestAlgorithm> mismatch() {
        return expected.keySet().stream()
                .filter(algorithm -> !MessageDigest.isEqual(expected.get(algorithm), results.get(algorithm)))
                .findFirst();
    }

    /** The SHA-256, once it is finished. */
    byte[] sha256() {
        return results.get(DigestAlgorithm.SHA_256).clone();
    }

    /** The same in hexadecimal. */
    String sha256Hex() {
        return HexFormat.of().formatHex(results.get(DigestAlgorithm.SHA_256));
    }
}
