package org.dropzonebackup.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.web.upload.UploadContext;

/**
 * The threads of the application beside the container's. Each kind of work that waits has a bounded number of its own, named
 * {@code dropzone-KIND}, so that however much there is of one, another goes on. None waits for a thread of its own kind, but
 * commits that replace files of one directory: there each waits for its turn.
 *
 * @param timer one, which waits for nothing, not for a device and not for a lock: it tells others when a time is over
 * @param sweeping one; looks for leftovers, and counts files for metrics, on devices that may hang
 * @param watching one; looks every few seconds how things are, on devices that may hang, and must not wait for a sweep
 * @param scrubbing one; reads all stored files, if that is wanted
 * @param endings 200, and none while there is nothing to end: a device that hangs may keep each of them for ever
 * @param admission 32: each waits for the device a short time, and the device does better with many
 * @param commits 32: the same; nothing that takes long is done here, so that a small file is stored soon
 * @param readBack as many as there are processors, and two at least: they read whole files and take their digests, step by
 *        step and in turns, which more of them would not make faster
 * @param hashing as many as there are processors: password hashes take nothing but them and memory
 * @param writeBack 4: more would write to one device by turns; if all are busy, the system does it later
 * @param transfers see there
 */
record UploadThreads(ScheduledExecutorService timer, ScheduledExecutorService sweeping,
        ScheduledExecutorService watching, ScheduledExecutorService scrubbing,
        ThreadPoolExecutor endings, ThreadPoolExecutor admission, ThreadPoolExecutor commits, ThreadPoolExecutor readBack,
        ThreadPoolExecutor hashing, ThreadPoolExecutor writeBack, TransferThreads transfers) {

    private static final System.Logger LOG = System.getLogger(UploadThreads.class.getName());
    private static final int ENDINGS = 200;
    private static final int WAITING = 32;
    private static final int WRITE_BACKS = 4;
    private static final Duration COMMITS_END = Duration.ofSeconds(20);
    private static final Duration THREADS_END = Duration.ofSeconds(2);

    /** All of them; each begins when there is something to do. */
    static UploadThreads start() {
        final int processors = Runtime.getRuntime().availableProcessors();
        final UploadThreads threads = new UploadThreads(
                Executors.newSingleThreadScheduledExecutor(named("timer")),
                Executors.newSingleThreadScheduledExecutor(named("sweeping")),
                Executors.newSingleThreadScheduledExecutor(named("watching")),
                Executors.newSingleThreadScheduledExecutor(named("scrubbing")),
                fadingWhenIdle(ENDINGS, "ending"),
                lasting(WAITING, "admission"),
                lasting(WAITING, "commit"),
                lasting(Math.max(2, processors), "read-back"),
                lasting(processors, "hash"),
                new ThreadPoolExecutor(0, WRITE_BACKS, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), named("write-back")),
                new TransferThreads(processors, System::nanoTime));
        threads.transfers.watch(threads.timer);
        return threads;
    }

    private static ThreadPoolExecutor lasting(final int most, final String kind) {
        return new ThreadPoolExecutor(most, most, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(kind));
    }

    private static ThreadPoolExecutor fadingWhenIdle(final int most, final String kind) {
        final ThreadPoolExecutor threads = lasting(most, kind);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadFactory named(final String kind) {
        return task -> {
            final Thread thread = new Thread(task, "dropzone-" + kind);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Those that uploads are left to. */
    UploadContext.Workers workers() {
        return new UploadContext.Workers(transfers, admission, commits, readBack, endings);
    }

    /** Those whose work may have to queue, by kind. */
    Map<String, ThreadPoolExecutor> pools() {
        return Map.of("transfer", transfers, "admission", admission, "commit", commits, "read-back", readBack, "hash", hashing,
                "write-back", writeBack, "ending", endings);
    }

    /** Ends them, when all uploads were told to end. */
    void stop() {
        // What is being committed or moved may end: an interrupt would close its files. What is read takes its last step
        final long end = System.nanoTime() + COMMITS_END.toNanos();
        final List<ExecutorService> gently = List.of(readBack, admission, commits, transfers);
        gently.forEach(ExecutorService::shutdown);
        gently.forEach(threads -> await(threads, end - System.nanoTime()));
        final List<ExecutorService> all = List.of(
                timer, sweeping, watching, scrubbing, hashing, admission, commits, readBack, transfers, writeBack, endings);
        all.forEach(ExecutorService::shutdownNow);
        all.forEach(threads -> await(threads, THREADS_END.toNanos()));
    }

    private static void await(final ExecutorService threads, final long nanos) {
        try {
            if (!threads.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
                LOG.log(Level.WARNING, "a thread does not end: {0}", threads);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
