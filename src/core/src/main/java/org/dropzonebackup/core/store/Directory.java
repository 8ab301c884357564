package org.dropzonebackup.core.store;

import java.io.IOException;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;

/**
 * The directory of one user, flat: files under names, and what is still being staged. Opened for one request and used
 * by it alone, but for {@link #usage} and what {@link #volume} tells, which any thread may ask.
 */
public interface Directory {

    /** The same for all who mean this directory, different from any other: links are resolved. */
    Object identity();

    /**
     * What bears a name now.
     *
     * @throws IOException if the directory cannot be looked at
     */
    Optional<Entry> find(FileName name) throws IOException;

    /**
     * Begins to stage an upload, invisible under any name until it is published.
     *
     * @throws StoreFullException if there is no space for as much as a name
     * @throws DirectoryUnusableException if another directory is in its place meanwhile
     * @throws IOException if nothing can be created; nothing is left then
     */
    StagedUpload stage() throws IOException;

    /**
     * Makes all that was published or withdrawn in this directory so far survive a loss of power.
     *
     * @throws IOException if that cannot be promised
     */
    void sync() throws IOException;

    /** Whether {@link #sync}, and that of a staged upload, waits for the device. */
    boolean syncs();

    /**
     * The bytes of all published files, however they came there. Reads the whole directory.
     *
     * @throws IOException if it cannot be read
     */
    long usage() throws IOException;

    /** The device or file system below. */
    Volume volume();

    /** A device or file system: equal for all directories that share its space. */
    interface Volume {
        /**
         * @return bytes that this process could still write
         * @throws IOException if the system does not tell
         */
        long usable() throws IOException;
    }
}
