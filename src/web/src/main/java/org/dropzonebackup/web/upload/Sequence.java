package org.dropzonebackup.web.upload;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time, in their order, on the threads that bring them. No thread waits: a task that comes while
 * another runs is left to the thread of that one. A lock instead would be waited for by a container's thread that holds
 * a lock of the container's, and held by one that waits for that. Safe for threads.
 */
final class Sequence {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

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
            tasks.remove().run();
        } catch (final RuntimeException | Error e) {
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
