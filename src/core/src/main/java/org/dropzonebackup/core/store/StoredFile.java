package org.dropzonebackup.core.store;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What bore a name when it was looked up. Belongs to one request. */
public interface StoredFile {

    /** Whether it is a file and no link, directory, device or pipe. */
    boolean isFile();

    /** Its size in bytes when it was looked up. */
    long size();

    /** When it was stored. */
    Instant storedAt();

    /**
     * Reads a part of the file, for its digests only. May take as long as the device needs for so many bytes.
     *
     * @param digests are updated with it
     * @param from position of its first byte
     * @param most bytes
     * @return how many bytes these were: fewer than asked for only if the file ends there
     * @throws IOException if it cannot be read, or is no file any more
     */
    long digest(List<MessageDigest> digests, long from, long most) throws IOException;

    /**
     * Reads the whole file for its SHA-256. May take as long as the device needs for so many bytes.
     *
     * @return in hexadecimal; none if it was changed or replaced meanwhile
     * @throws IOException if it cannot be read, or is no file any more
     */
    default Optional<String> sha256() throws IOException {
        final MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        final boolean whole = digest(List.of(digest), 0, Long.MAX_VALUE) == size() && isUnchanged();
        return whole ? Optional.of(HexFormat.of().formatHex(digest.digest())) : Optional.empty();
    }

    /**
     * Whether the name still means this very file, as it was when it was looked up.
     *
     * @throws IOException if it cannot be looked at
     */
    boolean isUnchanged() throws IOException;

    /**
     * Removes the file, durably, if the name still means this very one as it was when it was looked up; and the directories that
     * are empty then, but for that of the user. An object store deletes the object on a condition ({@code If-Match}).
     *
     * @return whether it was there and is removed
     * @throws StoreBusyException if the store cannot do it now; the file is as before
     * @throws IOException if it cannot be removed, or may not be so durably; it may be there or not
     */
    boolean remove() throws IOException;
}
