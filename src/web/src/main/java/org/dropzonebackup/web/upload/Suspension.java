package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.ProblemException;

/** Something that has to be over before an upload goes on: nothing of its body is read meanwhile. */
@FunctionalInterface
public interface Suspension {

    /** What an upload is told that cannot go on because the application stops. */
    Unavailable STOPPING = new Unavailable("The server is shutting down: try again later.", Duration.ofSeconds(10));

    /** The next step of an upload. */
    @FunctionalInterface
    interface Step {
        /**
         * @throws RefusedException if the upload is refused
         * @throws ProblemException if it is refused for a reason that the core does not know
         * @throws IOException if the store fails
         */
        void run() throws RefusedException, ProblemException, IOException;
    }

    /**
     * Begins it.
     *
     * @param goOn told once, on any thread, how the upload goes on
     */
    void begin(Consumer<Step> goOn);

    /** Work that may wait for the device. Whatever it throws, the upload's next step throws. */
    static Suspension on(final Executor worker, final Step work) {
        return goOn -> {
            try {
                worker.execute(() -> goOn.accept(outcome(work)));
            } catch (final RejectedExecutionException stopping) {
                System.getLogger(Suspension.class.getName())
                        .log(Level.DEBUG, "an upload came while the application stops", stopping);
                goOn.accept(() -> {
                    throw new RefusedException(STOPPING);
                });
            }
        };
    }

    /** Work that is done bit by bit. */
    @FunctionalInterface
    interface Bits {
        /**
         * @return whether there is more to do
         * @throws RefusedException if the upload is refused
         * @throws ProblemException if it is refused for a reason that the core does not know
         * @throws IOException if the store fails
         */
        boolean next() throws RefusedException, ProblemException, IOException;
    }

    /** Long work: after each bit it is the turn of whatever else is waiting for the worker. */
    static Suspension inTurns(final Executor worker, final Bits work) {
        return goOn -> {
            final AtomicBoolean more = new AtomicBoolean();
            on(worker, () -> more.set(work.next())).begin(done -> {
                if (more.get()) {
                    inTurns(worker, work).begin(goOn);
                } else {
                    goOn.accept(done);
                }
            });
        };
    }

    private static Step outcome(final Step work) {
        try {
            work.run();
            return () -> {
            };
        } catch (final RefusedException | ProblemException | IOException | RuntimeException | Error e) {
            return () -> {
                throw e;
            };
        } catch (final Throwable e) {
            return () -> {
                throw new IllegalStateException(e);
            };
        }
    }
}
