package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * What is made of one request's body, as it comes: {@link #begin}, {@link #accept} as often as bytes come, {@link #end},
 * {@link #commit}; {@link #close} in any case. An {@link Upload} drives it, one call at a time. Not safe for threads.
 */
public interface BodyHandler {

    /** What has to be over before it begins; nothing as a rule. */
    default Optional<Suspension> beforehand() {
        return Optional.empty();
    }

    /** Whether what came stays when the request breaks off, so that its client goes on from there. */
    default boolean resumes() {
        return false;
    }

    /** Whether {@link #begin} may wait for the device. */
    boolean beginsSlowly();

    /**
     * Whether stored bytes have to be read now, which takes as long as they are many, before anything is decided: {@link
     * #readBack} until there is no more, and {@link #begin} or {@link #commit} again.
     */
    default boolean readsBack() {
        return false;
    }

    /**
     * Reads more of them, in a step of bounded length.
     *
     * @return whether there is more to read
     * @throws RefusedException if the upload is refused because of them
     * @throws IOException if the store fails
     */
    default boolean readBack() throws RefusedException, IOException {
        return false;
    }

    /**
     * Decides what can be decided before the body, unless it {@link #readsBack} afterwards.
     *
     * @return the receipt of this very file, if it is stored already; then the body is not read
     * @throws RefusedException if the upload is refused unread
     * @throws ProblemException if it is, for a reason that the core does not know
     * @throws IOException if the store fails
     */
    Optional<Receipt> begin() throws RefusedException, ProblemException, IOException;

    /**
     * Where in its file the next byte goes, as far as that is known: what lies in memory as it will lie in the file needs not
     * be copied to be written.
     */
    default long position() {
        return 0;
    }

    /**
     * Takes what came; consumes all of it.
     *
     * @param in not to be changed
     * @param memory of it; may be retained
     * @return what has to be over before more is taken; nothing as a rule
     * @throws RefusedException if the body, or a file in it, is refused
     * @throws IOException if the store fails
     */
    Optional<Suspension> accept(ByteBuffer in, Retainable memory) throws RefusedException, IOException;

    /**
     * All came.
     *
     * @throws RefusedException if the body is not complete, or not as announced
     * @throws ProblemException if it is not, for a reason that the core does not know
     * @throws IOException if the store fails
     */
    void end() throws RefusedException, ProblemException, IOException;

    /** Whether {@link #commit} may wait for the device. */
    default boolean commitsSlowly() {
        return true;
    }

    /**
     * Makes what came durable, unless it {@link #readsBack} afterwards. May take as long as the device needs.
     *
     * @return the receipts of the files that are published now
     * @throws RefusedException if they cannot be published; then none of them is there
     * @throws ProblemException if they cannot, for a reason that the core does not know; then none of them is there
     * @throws IOException if the store fails; then none of them is there
     */
    List<Receipt> commit() throws RefusedException, ProblemException, IOException;

    /** The names of the files that began until now, as they were submitted; empty ones for those without. */
    List<String> names();

    /**
     * Undoes what was not committed, without waiting for the device.
     *
     * @throws IOException if something is left behind, with the suffix of staging files
     */
    void close() throws IOException;
}
