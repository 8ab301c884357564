package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * What is done with the body of one request: {@link #begin}, {@link #accept} as often as bytes come, {@link #end}, {@link
 * #commit}; {@link #close} in any case. An {@link Upload} drives it, one call at a time, and calls nothing of it while a
 * {@link Suspension} that it returned has not ended. Not safe for threads.
 */
public interface BodyHandler {

    /** Tells what handles the body. */
    @FunctionalInterface
    public interface Opening {
        /**
         * @param giveUp ends this request, as if its client had gone away; may be run on any thread, at any time
         * @throws RefusedException if the upload is refused unread
         * @throws ProblemException if it is, for a reason that the core does not know
         * @throws IOException if the store fails
         */
        BodyHandler open(Runnable giveUp) throws RefusedException, ProblemException, IOException;
    }

    /**
     * Decides what can be decided before the body. If {@link #outcome} has receipts afterwards, this very file was stored
     * before, and the body is not read. The work is refused with {@link RefusedException} or {@link ProblemException}, or fails
     * with {@link IOException}.
     */
    Suspension begin();

    /** The offset in its file of the next byte, as far as it is known: bytes at the same place of a page need no copy to be written. */
    default long position() {
        return 0;
    }

    /**
     * Takes bytes of the body, and consumes all of them.
     *
     * @param in not to be changed
     * @param memory of the bytes; may be retained until they are stored
     * @return the work that has to end before more is taken; nothing as a rule
     * @throws RefusedException if the body, or a file in it, is refused
     * @throws IOException if the store fails
     */
    Optional<Suspension> accept(ByteBuffer in, Retainable memory) throws RefusedException, IOException;

    /**
     * Ends the body.
     *
     * @throws RefusedException if the body is not complete, or not as announced
     * @throws ProblemException if it is not, for a reason that the core does not know
     * @throws IOException if the store fails
     */
    void end() throws RefusedException, ProblemException, IOException;

    /**
     * Makes what came durable, and publishes it if it is complete; the {@link #outcome} is known afterwards. If the work is
     * refused with {@link RefusedException} or {@link ProblemException}, or fails with {@link IOException}, none of the files is
     * published.
     */
    Suspension commit();

    /** The receipts of the files that are published. */
    List<Receipt> outcome();

    /** The submitted names of the files that have begun; empty ones for files without. */
    List<String> names();

    /** What the client is told of a refusal. */
    default Problem problem(final Refusal refusal) {
        return Problem.of(refusal);
    }

    /** Whether what came stays when the request breaks off, so that its client goes on from there. */
    default boolean resumes() {
        return false;
    }

    /**
     * Undoes what was not committed, without waiting for the device.
     *
     * @throws IOException if something is left behind, with the suffix of staging files
     */
    void close() throws IOException;
}
