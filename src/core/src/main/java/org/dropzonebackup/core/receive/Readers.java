package org.dropzonebackup.core.receive;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The threads that move what large uploads send: as many as there are processors, and in turns, so that thousands of
 * uploads do not keep a small one waiting, which all other threads are for. With 200 of them at work for everybody, everybody
 * waits for all. Whoever is at it for long, because a device hangs or a client sends without end, does not count: another
 * stands in. Safe for threads.
 */
public final class Readers extends ThreadPoolExecutor {

    private static final int MOST = 200;
    /** Bytes; who sends no more keeps nobody waiting. */
    private static final int SMALL = 64 * 1024;
    private static final int MILLIS_TO_LOOK = 100;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int processors;
    private final LongSupplier nanoTime;
    /** Since when each is at its task. */
    private final Map<Thread, Long> busy = new ConcurrentHashMap<>();

    /**
     * @param processors how many threads there are as long as none is at its task for long
     * @param nanoTime as {@link System#nanoTime}
     */
    public Readers(final int processors, final LongSupplier nanoTime) {
        // At the end whoever brings a task does it
        super(processors, MOST, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Readers::thread, (task, stopped) -> task.run());
        this.processors = processors;
        this.nanoTime = nanoTime;
    }

    private static Thread thread(final Runnable task) {
        final Thread thread = new Thread(task, "dropzone-reader");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Whether what an upload sends is moved in turns.
     *
     * @param length bytes; negative if nobody knows
     */
    public static boolean isLarge(final long length) {
        return length < 0 || length > SMALL;
    }

    /** Looks again and again who has been at its task for long. */
    public void watch(final ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(this::replaceBusy, MILLIS_TO_LOOK, MILLIS_TO_LOOK, TimeUnit.MILLISECONDS);
    }

    /** Has another thread stand in for each that is at its task for long. */
    void replaceBusy() {
        final long now = nanoTime.getAsLong();
        final long occupied = busy.values().stream().filter(since -> now - since >= LONG_NANOS).count();
        setCorePoolSize((int) Math.min(MOST, processors + occupied));
    }

    @Override
    protected void beforeExecute(final Thread thread, final Runnable task) {
        busy.put(thread, nanoTime.getAsLong());
    }

    @Override
    protected void afterExecute(final Runnable task, final Throwable fault) {
        busy.remove(Thread.currentThread());
    }
}
