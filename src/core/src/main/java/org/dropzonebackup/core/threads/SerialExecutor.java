package org.dropzonebackup.core.threads;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An executor that runs its tasks one at a time, in the order in which they came, on the threads of another executor. What one
 * task has written the next one sees, so that what belongs to them needs no lock. No thread waits: a task that comes while
 * another runs is left to the thread of that one.
 *
 * <p>After a bounded number of tasks the thread is given back, and the rest waits for its turn behind whatever else the other
 * executor has to do. A task of bounded length therefore keeps nobody waiting for long, however many of them there are.
 *
 * <p>A task that throws does not keep the next one from running; what it throws goes to the handler of uncaught exceptions of
 * its thread. Safe for threads. The shape is that of Guava's {@code SequentialExecutor}.
 */
public final class SerialExecutor implements Executor {

    private static final System.Logger LOG = System.getLogger(SerialExecutor.class.getName());
    private static final int TASKS_IN_A_TURN = 8;

    private final Executor executor;
    private final int tasksInATurn;
    /** Guards {@link #tasks} and {@link #running}. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    /**
     * @param executor runs the tasks, in turns
     */
    public SerialExecutor(final Executor executor) {
        this(executor, TASKS_IN_A_TURN);
    }

    private SerialExecutor(final Executor executor, final int tasksInATurn) {
        this.executor = executor;
        this.tasksInATurn = tasksInATurn;
    }

    /** A serial executor that runs tasks on the threads that bring them, before {@link #execute} returns or on another such thread. */
    public static SerialExecutor onCallers() {
        return new SerialExecutor(Runnable::run, Integer.MAX_VALUE);
    }

    /** Whether no task runs, and none waits. */
    public boolean isIdle() {
        lock.lock();
        try {
            return !running;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no task runs, and none waits. Not to be called by a task. */
    public void await() {
        lock.lock();
        try {
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a task after those that came before.
     *
     * @throws RejectedExecutionException if the other executor takes no task; this one is not run then
     */
    @Override
    public void execute(final Runnable task) {
        lock.lock();
        try {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        boolean started = false;
        try {
            executor.execute(this::runTurn);
            started = true;
        } finally {
            if (!started) {
                withdraw(task);
            }
        }
    }

    /** Runs a task after those that came before: by this thread if the other executor stops, or has no thread for it. */
    public void executeOrRun(final Runnable task) {
        try {
            execute(task);
        } catch (final RuntimeException | Error noThread) {
            LOG.log(Level.DEBUG, "the thread that brings a task runs it", noThread);
            task.run();
        }
    }

    /** What others have added meanwhile is run by this thread: they were told that it will be. */
    private void withdraw(final Runnable task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
        runAll();
    }

    private void runTurn() {
        for (int i = 0; i < tasksInATurn; i++) {
            if (!runNext()) {
                return;
            }
        }
        boolean started = false;
        try {
            executor.execute(this::runTurn);
            started = true;
        } catch (final RejectedExecutionException | OutOfMemoryError noThread) {
            LOG.log(Level.DEBUG, "the thread of one turn runs the rest", noThread);
        } finally {
            if (!started) {
                runAll();
            }
        }
    }

    private void runAll() {
        while (runNext()) {
            // Until there is no more
        }
    }

    /** @return whether there was one */
    private boolean runNext() {
        final Runnable task;
        lock.lock();
        try {
            task = tasks.poll();
            running = task != null;
            if (!running) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (task != null) {
            try {
                task.run();
            } catch (final Throwable e) {
                final Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
        return task != null;
    }
}
