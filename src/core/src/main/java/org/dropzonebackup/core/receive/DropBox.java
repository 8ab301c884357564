package org.dropzonebackup.core.receive;

import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.policy.SizeLimits;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Where the uploads of one request go.
 *
 * @param directory as the users file or the settings write it
 * @param quota the most bytes that the directory's files may have together, if there is such a limit
 * @param minFileSize bytes that a file has to have, if it is not what all have to have
 * @param strangers if it is open to people who do not know each other
 */
public record DropBox(String directory, OptionalLong quota, OptionalLong minFileSize, Optional<Strangers> strangers) {

    /**
     * The box of a user whose files have to be as large as all.
     *
     * @param directory see above
     * @param quota see above
     */
    public DropBox(final String directory, final OptionalLong quota) {
        this(directory, quota, OptionalLong.empty(), Optional.empty());
    }

    /** How large a file in it may be. */
    SizeLimits sizes(final Receiver.Limits limits) {
        return new SizeLimits(minFileSize.orElse(limits.minFileSize()),
                Math.min(limits.maxFileSize(), strangers.map(Strangers::maxFileSize).orElse(Long.MAX_VALUE)));
    }

    /**
     * Lets another file in, or the beginning of a body that carries files.
     *
     * @throws RefusedException if there were too many
     */
    void pass() throws RefusedException {
        if (strangers.isPresent()) {
            strangers.get().turnstile().pass();
        }
    }

    /**
     * What is asked of strangers. Their files never meet: nothing is replaced, a name that is taken gets a random part,
     * what is stored is compared with nothing, and how full the box is nobody learns.
     *
     * @param maxFileSize bytes that a file may have, if that is less than what all may
     * @param turnstile asked before each file
     */
    public record Strangers(long maxFileSize, Turnstile turnstile) {
    }

    /** Lets so many files in. */
    @FunctionalInterface
    public interface Turnstile {
        /**
         * @throws RefusedException if there were too many
         */
        void pass() throws RefusedException;
    }
}
