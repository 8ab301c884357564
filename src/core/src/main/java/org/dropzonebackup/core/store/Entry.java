package org.dropzonebackup.core.store;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;

/**
 * What bears a name in a directory.
 */
public interface Entry {

    /** Whether it is a file and no link, directory, device or pipe. */
    boolean isFile();

    /** Its size in bytes when it was looked up. */
    long size();

    /** When it was stored. */
    Instant storedAt();

    /**
     * Reads the file once, for its digests only. May take as long as the device needs for the whole file.
     *
     * @param digests are updated with all of the content
     * @throws IOException if it cannot be read, is no file any more, or changed meanwhile
     */
    void digest(List<MessageDigest> digests) throws IOException;
}
