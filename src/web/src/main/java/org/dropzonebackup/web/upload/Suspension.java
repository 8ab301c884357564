package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * Work elsewhere that has to end before an upload goes on; nothing of its body is read meanwhile. Suspensions are composed
 * before they begin. Whatever the work throws, or the executor that should run it, is handed on to the upload.
 */
@FunctionalInterface
public interface Suspension {

    /** No work at all. */
    Suspension NONE = ended -> ended.accept(null);

    /** What an upload is told that cannot go on because the application stops. */
    Unavailable STOPPING = new Unavailable("The server is shutting down: try again later.", Duration.ofSeconds(10));

    /** A piece of work, or of what an upload does itself. */
    @FunctionalInterface
    interface Step {
        /**
         * @throws RefusedException if the upload is refused
         * @throws ProblemException if it is refused for a reason that the core does not know
         * @throws IOException if the store fails
         */
        void run() throws RefusedException, ProblemException, IOException;
    }

    /** Work in steps of bounded length. */
    @FunctionalInterface
    interface Steps {
        /**
         * @return whether there is more to do
         * @throws RefusedException as {@link Step#run} does
         * @throws ProblemException as {@link Step#run} does
         * @throws IOException as {@link Step#run} does
         */
        boolean next() throws RefusedException, ProblemException, IOException;
    }

    /**
     * Begins the work.
     *
     * @param ended is called when the work has ended, on any thread, with what it has thrown, or null
     */
    void begin(Consumer<Throwable> ended);

    /** This work, and then what is chosen when it has ended well. */
    default Suspension then(final Supplier<Suspension> next) {
        return ended -> begin(thrown -> {
            if (thrown != null) {
                ended.accept(thrown);
                return;
            }
            final Suspension following;
            try {
                following = next.get();
            } catch (final Throwable e) {
                ended.accept(e);
                return;
            }
            following.begin(ended);
        });
    }

    /** Work on a thread of an executor; it may wait for the device if the executor's threads may. */
    static Suspension on(final Executor worker, final Step work) {
        return ended -> {
            try {
                worker.execute(() -> ended.accept(thrownBy(work)));
            } catch (final RejectedExecutionException stopping) {
                System.getLogger(Suspension.class.getName())
                        .log(Level.DEBUG, "an upload came while the application stops", stopping);
                ended.accept(new RefusedException(STOPPING));
            } catch (final Throwable e) {
                ended.accept(e);
            }
        };
    }

    private static Throwable thrownBy(final Step work) {
        try {
            work.run();
            return null;
        } catch (final Throwable e) {
            return e;
        }
    }

    /** Long work; after each step of it whatever else waits for the executor has its turn. */
    static Suspension inTurns(final Executor worker, final Steps work) {
        final AtomicBoolean more = new AtomicBoolean();
        return on(worker, () -> more.set(work.next())).then(() -> more.get() ? inTurns(worker, work) : NONE);
    }

    /**
     * Work that may find that stored bytes have to be read before it can decide; it is done again when they are read.
     *
     * @param first runs the first attempt; {@code Runnable::run} if that does not wait for the device
     * @param worker runs the others
     * @param readsBack tells after an attempt whether bytes have to be read
     * @param readBack reads them
     */
    static Suspension attempts(final Executor first, final Executor worker, final Step attempt, final BooleanSupplier readsBack,
            final Suspension readBack) {
        return on(first, attempt).then(() -> readsBack.getAsBoolean()
                ? readBack.then(() -> attempts(worker, worker, attempt, readsBack, readBack)) : NONE);
    }
}
