package org.dropzonebackup.core.policy;

import java.util.OptionalLong;
import org.dropzonebackup.core.refusal.Refusal.TooLarge;
import org.dropzonebackup.core.refusal.Refusal.TooSmall;
import org.dropzonebackup.core.refusal.RefusedException;

/** The smallest and the largest size of a file, in bytes. Immutable. */
public record SizeLimits(long min, long max) {

    /**
     * Checks a file before its bytes arrive.
     *
     * @param length the announced length
     * @throws RefusedException with {@link TooLarge} or {@link TooSmall}
     */
    public void checkAnnounced(final OptionalLong length) throws RefusedException {
        if (length.isPresent()) {
            checkMax(length.getAsLong());
            checkMin(length.getAsLong());
        }
    }

    /**
     * Checks a file while its bytes arrive.
     *
     * @throws RefusedException with {@link TooLarge}
     */
    public void checkMax(final long bytes) throws RefusedException {
        if (bytes > max) {
            throw new RefusedException(new TooLarge(max, bytes));
        }
    }

    /**
     * Checks a file when all its bytes have arrived.
     *
     * @throws RefusedException with {@link TooSmall}
     */
    public void checkMin(final long bytes) throws RefusedException {
        if (bytes < min) {
            throw new RefusedException(new TooSmall(min, bytes));
        }
    }
}
