package org.dropzonebackup.web.upload;

import java.util.Optional;

/**
 * The buffers that one upload has lent: to itself while it fills one, and to the store, which retains them until their bytes
 * are stored. There are never more than four, so that a device that is slower than its clients holds back the clients and not
 * the memory. Safe for threads; the lock is held across no call.
 */
final class LentBuffers {

    private static final int MOST = 4;

    private final Buffers buffers;
    private final Runnable available;
    private int lent;
    private boolean awaited;

    /**
     * @param available is run when one comes back after {@link #take} had none, on the thread that releases it
     */
    LentBuffers(final Buffers buffers, final Runnable available) {
        this.buffers = buffers;
        this.available = available;
    }

    /**
     * Lends one more.
     *
     * @param large whether much is to be read into it
     * @return none if all are out
     */
    Optional<Buffers.Buffer> take(final boolean large) {
        synchronized (this) {
            awaited = lent == MOST;
            if (awaited) {
                return Optional.empty();
            }
            lent++;
        }
        boolean taken = false;
        try {
            final Buffers.Buffer buffer = large
                    ? buffers.takeLarge(this::cameBack).orElseGet(() -> buffers.take(this::cameBack)) : buffers.take(this::cameBack);
            taken = true;
            return Optional.of(buffer);
        } finally {
            if (!taken) {
                cameBack();
            }
        }
    }

    private void cameBack() {
        final boolean told;
        synchronized (this) {
            lent--;
            told = awaited;
            awaited = false;
        }
        if (told) {
            available.run();
        }
    }
}
