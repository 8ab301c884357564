package org.dropzonebackup.core.store;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Where backups are kept. Safe for threads. */
public interface Store {

    /**
     * Opens the directory of a user. In an object store that is a prefix, and nothing is asked.
     *
     * @param directory as the users file writes it
     * @throws DirectoryUnusableException if it is missing and may not be created, or is no directory
     * @throws StoreBusyException if it cannot be reached now
     * @throws IOException if it cannot be looked at or created
     */
    Directory open(String directory) throws IOException;

    /**
     * Opens the directory of a user if it is there. Nothing is created.
     *
     * @param directory as the users file writes it
     * @throws StoreBusyException if it cannot be reached now
     * @throws IOException if it cannot be looked at
     */
    Optional<Directory> existing(String directory) throws IOException;

    /**
     * Removes what interrupted uploads have left in directories: staged files of processes that ended, and upload resources,
     * finished or not, that nobody goes on with. Neither a staged file of this process, nor an upload resource that any process
     * has open, nor a published file is touched. Staged files of other processes are known by their age alone. An object store
     * ends unfinished multipart uploads. The log tells what cannot be removed.
     *
     * @param directories as the users file writes them; those that are missing are left out
     * @param before what changed last before that goes; far enough in the past that no request lasts as long
     */
    void sweep(Collection<String> directories, Instant before);

    /**
     * Looks for files that are visible though a crash came before their {@linkplain Directory.Recording recording} was known to
     * have succeeded. Each is told of again each time, until {@link #sweep} removes the traces. An object store reads the records
     * of its requests. A store without such traces tells of none. The log tells what cannot be looked at.
     *
     * @param directories as the users file writes them; those that are missing are left out
     * @param before what was published later may still be under way
     */
    void recover(Collection<String> directories, Instant before, Recovery recovery);

    /** Takes note of files whose publication a crash has cut short. */
    @FunctionalInterface
    interface Recovery {
        /**
         * @param directory as the users file writes it
         * @throws IOException if no note can be taken; the other files are told of all the same
         */
        void found(String directory, String path, StoredFile file) throws IOException;
    }

    /** Tries again to remove what this store wanted to remove and could not. The log tells what still cannot be removed. */
    void retryRemovals();
}
