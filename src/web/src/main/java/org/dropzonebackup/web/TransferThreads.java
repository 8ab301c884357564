package org.dropzonebackup.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The threads that move the bytes of large uploads: they read them, write them and take their digests, in turns, so that
 * thousands of uploads do not keep a small one waiting. There are as many as processors. A thread that is at its task for over
 * a second, because a device hangs or a client sends without end, does not count: another stands in for it, up to a bound. Safe
 * for threads.
 */
final class TransferThreads extends ThreadPoolExecutor {

    private static final int MOST = 200;
    private static final int MILLIS_TO_LOOK = 100;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int processors;
    private final LongSupplier nanoTime;
    /** When each began its task. */
    private final Map<Thread, Long> busy = new ConcurrentHashMap<>();

    /**
     * @param processors how many threads there are as long as none is at its task for long
     * @param nanoTime as {@link System#nanoTime}
     */
    TransferThreads(final int processors, final LongSupplier nanoTime) {
        // Once they are stopped, whoever brings a task runs it
        super(processors, MOST, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), TransferThreads::thread,
                (task, stopped) -> task.run());
        this.processors = processors;
        this.nanoTime = nanoTime;
    }

    private static Thread thread(final Runnable task) {
        final Thread thread = new Thread(task, "dropzone-transfer");
        thread.setDaemon(true);
        return thread;
    }

    /** Has a timer look again and again for threads that are at their tasks for long. */
    void watch(final ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(this::replaceBusy, MILLIS_TO_LOOK, MILLIS_TO_LOOK, TimeUnit.MILLISECONDS);
    }

    /** Lets another thread stand in for each that is at its task for long. */
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
