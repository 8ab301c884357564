package org.dropzonebackup.core.receive;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * What a client says of a file before it sends the bytes. Immutable.
 *
 * @param submittedName the name as it was sent; none: the server gives one
 * @param length bytes, if the client tells
 * @param digests of the content, if the client tells; each value has the length of its algorithm
 * @param sparable whether the client need not send the bytes if they are stored already
 * @param onlyNew whether the file is refused if its name is taken, whatever else would be done then
 */
public record Announcement(Optional<String> submittedName, OptionalLong length, Map<DigestAlgorithm, byte[]> digests,
        boolean sparable, boolean onlyNew) {

    /** An announcement of a file for which the limits decide what happens if its name is taken. */
    public Announcement(final Optional<String> submittedName, final OptionalLong length,
            final Map<DigestAlgorithm, byte[]> digests, final boolean sparable) {
        this(submittedName, length, digests, sparable, false);
    }

    /**
     * Whether a stored file is compared before the bytes come, and not after them. A digest that is not strong does not suffice
     * for that: another file can have the same.
     */
    boolean isComparedFirst() {
        return sparable && digests.keySet().stream().anyMatch(DigestAlgorithm::isStrong);
    }

    /** Whether it says something that can be true of one file only. */
    boolean isOfOneFile() {
        return length.isPresent() || !digests.isEmpty();
    }

    /**
     * This announcement, with what is said of the same file elsewhere.
     *
     * @throws RefusedException with {@link Malformed} if one contradicts the other
     */
    Announcement and(final Announcement other) throws RefusedException {
        final Map<DigestAlgorithm, byte[]> all = new EnumMap<>(DigestAlgorithm.class);
        all.putAll(digests);
        for (final Map.Entry<DigestAlgorithm, byte[]> digest : other.digests.entrySet()) {
            final byte[] known = all.putIfAbsent(digest.getKey(), digest.getValue());
            if (known != null && !Arrays.equals(known, digest.getValue())) {
                throw new RefusedException(new Malformed("Two " + digest.getKey().key()
                        + " digests were sent for this file, and they differ: send one, or the same twice."));
            }
        }
        return new Announcement(submittedName, length.isPresent() ? length : other.length, all, sparable,
                onlyNew || other.onlyNew);
    }
}
