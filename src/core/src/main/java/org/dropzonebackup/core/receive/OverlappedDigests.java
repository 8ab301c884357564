package org.dropzonebackup.core.receive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Digests of one content, taken on another thread while this one goes on to read and write: of large pieces only, as a
 * small file, or a slow client, must not pay for handing over. Whoever brings a piece never waits for a thread: when too
 * much is waiting it takes the digests itself. One caller at a time.
 */
final class OverlappedDigests {

    private static final int LARGE = 32 * 1024;
    private static final int MOST_WAITING = 4;
    private static final int MOST_WAITING_OF_ALL = 16;

    private final Collection<MessageDigest> digests;
    private final Helpers helpers;
    private final Queue<Piece> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Who helps, shared by all uploads.
     *
     * @param executor may refuse
     * @param buffers for what is waiting
     * @param room for so many pieces more
     */
    record Helpers(Executor executor, Buffers buffers, Semaphore room) {

        Helpers(final Executor executor) {
            this(executor, new Buffers(), new Semaphore(MOST_WAITING_OF_ALL));
        }
    }

    private record Piece(byte[] bytes, int length) {
    }

    OverlappedDigests(final Collection<MessageDigest> digests, final Helpers helpers) {
        this.digests = digests;
        this.helpers = helpers;
    }

    Helpers helpers() {
        return helpers;
    }

    /** Takes all remaining bytes into the digests, sooner or later, without consuming them. */
    void update(final ByteBuffer bytes) {
        final boolean large = bytes.remaining() >= LARGE && bytes.remaining() <= Buffers.SIZE;
        if (!large || !helpers.room().tryAcquire()) {
            await();
            digests.forEach(digest -> digest.update(bytes.duplicate()));
            return;
        }
        final Piece piece = new Piece(helpers.buffers().take(), bytes.remaining());
        bytes.duplicate().get(piece.bytes(), 0, piece.length());
        waiting.add(piece);
        if (count.incrementAndGet() > MOST_WAITING) {
            await();
        } else {
            try {
                helpers.executor().execute(this::await);
            } catch (final RejectedExecutionException stopping) {
                await();
            }
        }
    }

    /** Returns when all that came is in the digests. */
    synchronized void await() {
        for (Piece piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            for (final MessageDigest digest : digests) {
                digest.update(piece.bytes(), 0, piece.length());
            }
            helpers.buffers().giveBack(piece.bytes());
            helpers.room().release();
            count.decrementAndGet();
        }
    }
}
