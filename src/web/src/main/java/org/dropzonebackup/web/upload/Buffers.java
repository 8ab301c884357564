package org.dropzonebackup.web.upload;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Buffers that are lent while there are bytes to move, and not for as long as an upload takes: thousands of slow clients
 * share a few. More than are kept can be lent at once. Safe for threads.
 */
final class Buffers {

    private static final int SIZE = 128 * 1024;
    private static final int KEPT = 16;

    private final BlockingQueue<byte[]> kept = new ArrayBlockingQueue<>(KEPT);

    byte[] take() {
        final byte[] buffer = kept.poll();
        return buffer == null ? new byte[SIZE] : buffer;
    }

    void giveBack(final byte[] buffer) {
        // One too many is left to the garbage collector
        kept.offer(buffer);
    }
}
