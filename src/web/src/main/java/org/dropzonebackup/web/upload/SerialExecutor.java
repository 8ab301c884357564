package org.dropzonebackup.web.upload;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time, in their order, on the threads that bring them. No thread waits: a task that comes while
 * another runs is left to the thread of that one. A lock instead would be waited for by a container's thread that holds
 * a lock of the container's, and held by one that waits for that. A task that may take long asks {@link #isAwaited} and puts
 * what is left of it behind those that wait. Safe for threads.
 */
final class SerialExecutor {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Executor each;

    /**
     * @param each runs a task at once, on the thread that brings it
     */
    SerialExecutor(final Executor each) {
        this.each = each;
    }

    /** Whether a task waits for the end of the one that runs. */
    boolean isAwaited() {
        return count.get() > 1;
    }

    /**
     * @param task runs now, or after those that came before; those that come after it run whatever it throws
     */
    void run(final Runnable task) {
        tasks.add(task);
        if (count.getAndIncrement() == 0) {
            do {
                runNext();
            } while (count.decrementAndGet() > 0);
        }
    }

    private void runNext() {
        try {
            each.execute(tasks.remove());
        } catch (final RuntimeException | Error e) {
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
