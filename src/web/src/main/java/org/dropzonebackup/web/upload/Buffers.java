package org.dropzonebackup.web.upload;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Buffers that are lent while there are bytes to move, and not for as long as an upload takes: thousands of slow clients
 * share a few. More than are kept can be lent at once. Safe for threads.
 */
final class Buffers {

    /** Bytes of a buffer. */
    static final int SIZE = 128 * 1024;

    private static final int KEPT = 16;

    private final BlockingQueue<byte[]> kept = new ArrayBlockingQueue<>(KEPT);

    /** A buffer of {@link #SIZE} bytes, with anything in it. */
    byte[] take() {
        final byte[] buffer = kept.poll();
        return buffer == null ? new byte[SIZE] : buffer;
    }

    /** To be called once for each that was taken; nothing may use it afterwards. */
    void giveBack(final byte[] buffer) {
        // One too many is left to the garbage collector
        kept.offer(buffer);
    }
}
