package org.dropzonebackup.core.receive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Digests of one content, that can be taken on another thread while this one goes on to read and write. It has one such helper
 * at a time, for a piece at a time, so that the others and all other pieces are left to other contents; and none ever waits for
 * it. Nor does whoever brings bytes wait for a helper, but for the piece that one is at: when too much is waiting it takes the
 * digests itself. One caller at a time.
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
    /** Whether a helper will come, or is there. */
    private final AtomicBoolean asked = new AtomicBoolean();
    /** Held by whoever takes a piece: the next one in the queue comes next in the digests. */
    private final ReentrantLock taking = new ReentrantLock();
    /** What went wrong with a piece on a helper; the digests are worth nothing then. */
    private volatile Throwable failure;

    private record Piece(ByteBuffer bytes, Runnable taken) {
    }

    /**
     * @param helpers take digests; may refuse to
     */
    OverlappedDigests(final Collection<MessageDigest> digests, final Executor helpers) {
        this.digests = digests;
        this.helpers = helpers;
    }

    /**
     * Takes all remaining bytes into the digests, without consuming them.
     *
     * @throws IllegalStateException if a piece that came before could not be taken
     */
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
     * @param taken run when that is done, whatever becomes of it; until then nobody else may change the bytes
     * @throws IllegalStateException if a piece that came before could not be taken
     */
    void updateLater(final ByteBuffer bytes, final Runnable taken) {
        boolean added = false;
        try {
            added = waiting.add(new Piece(bytes, taken));
        } finally {
            if (!added) {
                taken.run();
            }
        }
        if (count.incrementAndGet() > MOST_WAITING || !askForHelp()) {
            await();
        }
    }

    /** @return whether somebody will come */
    private boolean askForHelp() {
        if (!asked.compareAndSet(false, true)) {
            return true;
        }
        boolean comes = false;
        try {
            helpers.execute(this::help);
            comes = true;
        } catch (final RejectedExecutionException stopping) {
            System.getLogger(OverlappedDigests.class.getName())
                    .log(System.Logger.Level.DEBUG, "digests are taken by whoever brings bytes", stopping);
        } finally {
            if (!comes) {
                asked.set(false);
            }
        }
        return comes;
    }

    /** Takes a piece, unless somebody is at one who goes on; helps other contents before the next. */
    private void help() {
        final boolean mine = taking.tryLock();
        if (mine) {
            takeNext();
        }
        asked.set(false);
        if (mine && !waiting.isEmpty() && !askForHelp()) {
            takeAll();
        }
    }

    private void takeAll() {
        do {
            taking.lock();
            takeNext();
        } while (!waiting.isEmpty());
    }

    /** Gives the lock back. */
    private void takeNext() {
        Piece piece = null;
        try {
            piece = waiting.poll();
            if (piece != null) {
                take(piece.bytes().duplicate());
            }
        } catch (final Throwable e) {
            failure = e;
        } finally {
            taking.unlock();
        }
        if (piece != null) {
            piece.taken().run();
            count.decrementAndGet();
        }
    }

    /**
     * Returns when all that came is in the digests.
     *
     * @throws IllegalStateException if a piece could not be taken
     */
    void await() {
        takeAll();
        if (failure != null) {
            throw new IllegalStateException("a digest could not be taken", failure);
        }
    }
}
