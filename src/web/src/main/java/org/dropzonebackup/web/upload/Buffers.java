package org.dropzonebackup.web.upload;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.store.Retainable;

/**
 * The pools of memory that uploads read into. A buffer is lent while there are bytes to move and not for as long as an upload
 * takes: thousands of slow clients share a few small buffers, and a few fast clients share the large ones. The memory is outside
 * of the heap, so that it is written without a copy. Safe for threads.
 */
final class Buffers {

    /** Bytes. At multiples of it, in memory as in a file, a device can be written to without a copy. */
    static final int PAGE = 4096;

    private static final int SMALL = 128 * 1024;
    /** The size of spare buffers, in the heap: Java copies what is written from them into as many bytes for each thread. */
    private static final int SPARE = 16 * 1024;
    /** Measured for 1 GiB: 1.59 CPU-seconds with 256 KiB, 1.51 with 512 KiB, 1.42 with this. */
    private static final int LARGE = 1024 * 1024;
    private static final int MOST_SMALL = 64;
    private static final int MOST_LARGE = 16;
    /** Each pool takes at most this fraction of the memory: an eighth. */
    private static final int SHARE = 8;
    /** How long to ask for no memory after there was none: Java looks for it for half a second before it says so. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Buffers.class.getName()));

    private final Pool small;
    private final Pool large;

    Buffers() {
        this(Body::allocate, Buffers::allocatePages, System::nanoTime);
    }

    /**
     * @param small makes memory of a size
     * @param large makes memory of a size that begins where a page does
     * @param nanoTime as {@link System#nanoTime}
     */
    Buffers(final IntFunction<ByteBuffer> small, final IntFunction<ByteBuffer> large, final LongSupplier nanoTime) {
        this.small = new Pool(small, SMALL, MOST_SMALL, nanoTime);
        this.large = new Pool(large, LARGE, MOST_LARGE, nanoTime);
    }

    private static ByteBuffer allocatePages(final int size) {
        return ByteBuffer.allocateDirect(size + PAGE).alignedSlice(PAGE).slice(0, size);
    }

    /**
     * Lends a small buffer; a yet smaller, spare one when all are lent or there is no memory for another.
     *
     * @param back is run when the buffer has come back
     */
    Buffer take(final Runnable back) {
        return small.take(back).orElseGet(() -> new Buffer(ByteBuffer.allocate(SPARE), false, none -> { }, back));
    }

    /** Lends a large buffer, unless all are lent. */
    Optional<Buffer> takeLarge(final Runnable back) {
        return large.take(back);
    }

    /**
     * A lent buffer, empty at first. Whoever took it owns it and closes it, once; it comes back when nobody retains it any more.
     */
    static final class Buffer implements Retainable, AutoCloseable {

        private final ByteBuffer bytes;
        private final boolean retainable;
        private final Consumer<ByteBuffer> home;
        private final Runnable back;
        private final AtomicInteger holders = new AtomicInteger(1);

        private Buffer(final ByteBuffer bytes, final boolean retainable, final Consumer<ByteBuffer> home, final Runnable back) {
            this.bytes = bytes;
            this.retainable = retainable;
            this.home = home;
            this.back = back;
        }

        ByteBuffer bytes() {
            return bytes;
        }

        /** Spare buffers are not retained: they are not counted, and would pile up behind a device that hangs. */
        @Override
        public boolean retain() {
            if (retainable) {
                holders.incrementAndGet();
            }
            return retainable;
        }

        @Override
        public void release() {
            if (holders.decrementAndGet() == 0) {
                try {
                    home.accept(bytes);
                } finally {
                    back.run();
                }
            }
        }

        @Override
        public void close() {
            release();
        }
    }

    /** Memory of one size. What came back last is lent first: it may still be in the processor's cache. */
    private static final class Pool {

        private final IntFunction<ByteBuffer> allocation;
        private final int size;
        private final Semaphore room;
        private final ConcurrentLinkedDeque<ByteBuffer> kept = new ConcurrentLinkedDeque<>();
        private final LongSupplier nanoTime;
        /** Until when nothing is asked of the system. */
        private volatile long patientUntil;

        Pool(final IntFunction<ByteBuffer> allocation, final int size, final int most, final LongSupplier nanoTime) {
            this.allocation = allocation;
            this.size = size;
            this.nanoTime = nanoTime;
            this.patientUntil = nanoTime.getAsLong();
            this.room = new Semaphore((int) Math.min(most, Runtime.getRuntime().maxMemory() / SHARE / size));
        }

        /** None if all are lent, or there is no memory for another. */
        Optional<Buffer> take(final Runnable back) {
            if (!room.tryAcquire()) {
                return Optional.empty();
            }
            Optional<Buffer> lent = Optional.empty();
            try {
                lent = Optional.ofNullable(memory()).map(memory -> new Buffer(memory.clear(), true, this::giveBack, back));
            } finally {
                if (lent.isEmpty()) {
                    room.release();
                }
            }
            return lent;
        }

        /** Null if there is none. */
        private ByteBuffer memory() {
            final ByteBuffer memory = kept.pollFirst();
            if (memory != null || nanoTime.getAsLong() - patientUntil < 0) {
                return memory;
            }
            try {
                return allocation.apply(size);
            } catch (final OutOfMemoryError e) {
                patientUntil = nanoTime.getAsLong() + PATIENCE_NANOS;
                FAULTS.report(Level.WARNING, "there is no memory to read more uploads into in large pieces", e);
                return null;
            }
        }

        private void giveBack(final ByteBuffer memory) {
            try {
                kept.addFirst(memory);
            } finally {
                room.release();
            }
        }
    }
}
