package org.dropzonebackup.core.receive;

import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.SizeLimits;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The place where the uploads of one request go.
 *
 * @param directory as the users file or the settings write it
 * @param quota the most bytes that the directory's files may have together, if there is such a limit
 * @param minFileSize bytes that a file has to have, if it is not what all have to have
 * @param existing what becomes of a file whose path is taken, if it is not what is done in all boxes
 * @param strangers if it is open to people who do not know each other
 * @param user whose box it is; none: nobody's
 * @param address of the client
 */
public record DropBox(String directory, OptionalLong quota, OptionalLong minFileSize, Optional<Existing> existing,
        Optional<Strangers> strangers, Optional<String> user, Optional<String> address) {

    /**
     * A box without a least size of its own, without an owner, and with no known client.
     *
     * @param directory see above
     * @param quota see above
     */
    public DropBox(final String directory, final OptionalLong quota) {
        this(directory, quota, OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    /** What becomes of a file whose path is taken. */
    Existing existing(final Receiver.Limits limits) {
        return strangers.isPresent() ? Existing.KEEP : existing.orElse(limits.existing());
    }

    /** How large a file in the box may be. */
    SizeLimits sizes(final Receiver.Limits limits) {
        return new SizeLimits(minFileSize.orElse(limits.minFileSize()),
                Math.min(limits.maxFileSize(), strangers.map(Strangers::maxFileSize).orElse(Long.MAX_VALUE)));
    }

    /**
     * Asks the turnstile, if there is one, to let in another file, or a body that carries files.
     *
     * @throws RefusedException if there were too many
     */
    void pass() throws RefusedException {
        if (strangers.isPresent()) {
            strangers.get().turnstile().pass();
        }
    }

    /**
     * The terms for strangers. Their files never meet: nothing is replaced, a file whose path is taken is kept beside the other,
     * stored files are not compared, and nobody learns how full the box is.
     *
     * @param maxFileSize bytes that a file may have, if that is less than what all may
     * @param turnstile asked before each file
     */
    public record Strangers(long maxFileSize, Turnstile turnstile) {
    }

    /** A bound on how many files come in. */
    @FunctionalInterface
    public interface Turnstile {
        /**
         * @throws RefusedException if there were too many
         */
        void pass() throws RefusedException;
    }
}
