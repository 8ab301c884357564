package org.dropzonebackup.core.store;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads of a store that can be held up. Safe for threads. */
public final class Gate implements Executor, AutoCloseable {

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Queue<Runnable> heldUp = new ArrayDeque<>();
    private boolean holding;

    @Override
    public synchronized void execute(final Runnable task) {
        if (holding) {
            heldUp.add(task);
        } else {
            threads.execute(task);
        }
    }

    /** Begins nothing from now on. */
    public synchronized void hold() {
        holding = true;
    }

    /** Begins what was held up. */
    public synchronized void open() {
        holding = false;
        heldUp.forEach(threads::execute);
        heldUp.clear();
    }

    /** Begins what was held up, and ends when all of it has ended. */
    @Override
    public void close() {
        open();
        threads.shutdown();
    }
}
