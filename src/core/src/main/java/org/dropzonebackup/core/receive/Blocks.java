package org.dropzonebackup.core.receive;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The few large buffers, outside of the heap, in which {@link Gathering} gathers what comes fast: as many as there is memory
 * for, lent to whoever asks first. Safe for threads.
 */
final class Blocks {

    /** Bytes of a block. Measured on ext4, with larger ones a write costs the same; with 64 KiB a fifth more. */
    static final int SIZE = 256 * 1024;

    private static final int MOST = 32;
    /** They may take one part in so many of the memory. */
    private static final int SHARE = 8;

    private final ConcurrentLinkedQueue<ByteBuffer> kept = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore((int) Math.min(MOST, Runtime.getRuntime().maxMemory() / SHARE / SIZE));

    /** An empty block, unless all are lent. */
    Optional<ByteBuffer> take() {
        if (!room.tryAcquire()) {
            return Optional.empty();
        }
        final ByteBuffer block = kept.poll();
        return Optional.of(block == null ? ByteBuffer.allocateDirect(SIZE) : block.clear());
    }

    /** To be called once for each that was taken; nothing may use it afterwards. */
    void giveBack(final ByteBuffer block) {
        kept.add(block);
        room.release();
    }
}
