package org.dropzonebackup.core.policy;

import java.util.OptionalLong;
import org.dropzonebackup.core.refusal.Refusal.TooLarge;
import org.dropzonebackup.core.refusal.Refusal.TooSmall;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * How large a file may be. Immutable.
 *
 * @param least bytes that it has to have
 * @param most bytes that it may have
 */
public record SizeLimits(long least, long most) {

    /**
     * Before its bytes.
     *
     * @param length bytes that it is going to have, if that is known
     * @throws RefusedException with {@link TooLarge} or {@link TooSmall}
     */
    public void checkAnnounced(final OptionalLong length) throws RefusedException {
        if (length.isPresent()) {
            checkMost(length.getAsLong());
            checkLeast(length.getAsLong());
        }
    }

    /**
     * While its bytes come.
     *
     * @param bytes that it has at least
     * @throws RefusedException with {@link TooLarge}
     */
    public void checkMost(final long bytes) throws RefusedException {
        if (bytes > most) {
            throw new RefusedException(new TooLarge(most, bytes));
        }
    }

    /**
     * When all its bytes have come.
     *
     * @throws RefusedException with {@link TooSmall}
     */
    public void checkLeast(final long bytes) throws RefusedException {
        if (bytes < least) {
            throw new RefusedException(new TooSmall(least, bytes));
        }
    }
}
