package org.dropzonebackup.core.receive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Digests of one content, that can be taken on another thread while this one goes on to read and write. Whoever brings bytes
 * never waits for a thread: when too much is waiting it takes the digests itself. One caller at a time.
 */
final class OverlappedDigests {

    private static final int MOST_WAITING = 4;

    /** Bytes. */
    private static final int AT_ONCE = 8 * 1024;
    /** Those that nobody uses. A digest that is given memory outside of the heap keeps one of its own until it ends. */
    private static final Queue<byte[]> ARRAYS = new ConcurrentLinkedQueue<>();

    private final Collection<MessageDigest> digests;
    private final Executor helpers;
    private final Queue<Piece> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    private record Piece(ByteBuffer bytes, Runnable taken) {
    }

    /**
     * @param helpers take digests; may refuse to
     */
    OverlappedDigests(final Collection<MessageDigest> digests, final Executor helpers) {
        this.digests = digests;
        this.helpers = helpers;
    }

    /** Takes all remaining bytes into the digests, without consuming them. */
    void update(final ByteBuffer bytes) {
        await();
        take(bytes.duplicate());
    }

    private void take(final ByteBuffer bytes) {
        final byte[] free = ARRAYS.poll();
        final byte[] array = free == null ? new byte[AT_ONCE] : free;
        while (bytes.hasRemaining()) {
            final int count = Math.min(array.length, bytes.remaining());
            bytes.get(array, 0, count);
            digests.forEach(digest -> digest.update(array, 0, count));
        }
        ARRAYS.add(array);
    }

    /**
     * Takes all remaining bytes into the digests, sooner or later.
     *
     * @param taken run when that is done; until then nobody else may change the bytes
     */
    void updateLater(final ByteBuffer bytes, final Runnable taken) {
        waiting.add(new Piece(bytes, taken));
        if (count.incrementAndGet() > MOST_WAITING) {
            await();
        } else {
            try {
                helpers.execute(this::await);
            } catch (final RejectedExecutionException stopping) {
                await();
            }
        }
    }

    /** Returns when all that came is in the digests. */
    synchronized void await() {
        for (Piece piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            take(piece.bytes().duplicate());
            piece.taken().run();
            count.decrementAndGet();
        }
    }
}
