package org.dropzonebackup.core.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.threads.Action;

/**
 * The directory of one user: published files under paths, files that are being staged, and upload resources. It is opened for
 * one request and belongs to it, but for {@link #usage} and {@link #capacity}, which any thread may ask.
 */
public interface Directory {

    /** An object that equals those of all who mean this directory, and no others: links are resolved. */
    Object identity();

    /**
     * The file under a path, or whatever else bears it or stands in its way: that is no file. An object store has only files, and
     * asks for the object ({@code HEAD}).
     *
     * @throws IOException if the directory cannot be looked at
     */
    Optional<StoredFile> find(FilePath path) throws IOException;

    /**
     * The names of files in the same directory as a path, in any order. An object store lists the keys with that prefix.
     *
     * @param prefix what they begin with
     * @return none if there is no such directory
     * @throws IOException if the directory cannot be read
     */
    List<String> names(FilePath beside, String prefix) throws IOException;

    /**
     * The names of directories in the same directory as a path, in any order; those that links lead to are left out. An object
     * store lists the prefixes up to the next {@code /}.
     *
     * @return none if there is no such directory
     * @throws IOException if the directory cannot be read
     */
    List<String> directories(FilePath beside) throws IOException;

    /**
     * Begins to stage a file, which is visible under no path until it is published.
     *
     * @throws StoreFullException if there is no space for as much as a name
     * @throws DirectoryUnusableException if another directory is in its place meanwhile
     * @throws IOException if nothing can be created; nothing is left then
     */
    StagedFile stage() throws IOException;

    /**
     * Makes staged files visible under their paths, durably: all of them or none. Each was synced before. Nobody sees a file
     * that is not whole. The bytes of an upload resource that is published are its own no longer, as after
     * {@link PendingUpload#finish}; its record stays.
     *
     * <p>Directories that a path needs become visible with the first file in them, and are gone again if this fails, as long as
     * nobody else has published there. Two calls that need the same directory both succeed. An object store has no directories:
     * a prefix is there as long as there are objects under it.
     *
     * <p>A path is taken by a file that may not be replaced, by anything that is no file, by a directory with files in it, or by
     * a file in place of one of its directories.
     *
     * <p>A store whose operations each make one file visible makes one after the other visible, and withdraws those if a later
     * one fails; readers may see the first before the last. It puts back what was replaced, and lets nobody else replace that
     * meanwhile. What somebody else has put under a path since then stays. An object store does this by a conditional
     * completion of each upload ({@code If-None-Match: *}, or {@code If-Match} to replace), conditional deletions to withdraw
     * it, and a record of the request from which its sweeping finishes or undoes what a crash cut short. It asks for the
     * prefixes of a path before; where two requests publish {@code a} and {@code a/b} at the same moment, both may succeed.
     *
     * @param recording is run once all are visible, before anything is given up that is needed to withdraw them: if it
     *        throws, they are withdrawn. A crash before or while it runs leaves what {@link Store#recover} finds
     * @throws NameTakenException if a path is taken; it says which, none is visible, and the staged files can be published
     *         under other paths
     * @throws StoreFullException if there is no space for the names; none is visible
     * @throws StoreBusyException if the store cannot do it now; none is visible
     * @throws IOException if the store fails, or what the recording throws; none is visible, or the log says which could not be
     *         withdrawn
     */
    void publish(List<Publication> publications, Recording recording) throws NameTakenException, IOException;

    /** Remembers that files were published. */
    @FunctionalInterface
    interface Recording {
        /**
         * Remembers them once they are durable, and not before.
         *
         * @param names makes them durable, and is to be run: for all publications together that are given the same object
         * @throws IOException if the names do not become durable, or it cannot be remembered, durably where the store is
         */
        void record(Action names) throws IOException;
    }

    /** Whether {@link #publish} and {@link StagedFile#sync} wait for the device. */
    boolean syncs();

    /**
     * The bytes that all published files take, however they came there, and all upload resources: each as the bytes that it has
     * or is going to have, whichever are more. Reads the whole directory, with all below it.
     *
     * @throws IOException if it cannot be read
     */
    long usage() throws IOException;

    /** What is left of the device or service below; an object equal to those of all directories that share it. */
    Capacity capacity();

    /** A device, file system or service that several directories share. Safe for threads. */
    interface Capacity {
        /**
         * @return bytes that this process could still store; {@link Long#MAX_VALUE} where nobody knows a bound, as in an
         *         object store
         * @throws IOException if the system does not tell
         */
        long usable() throws IOException;
    }

    /**
     * Creates an upload resource, open to nobody yet. It survives a loss of power when this returns.
     *
     * @param state with an offset of zero
     * @throws StoreFullException if there is no space for it
     * @throws DirectoryUnusableException if another directory is in its place meanwhile
     * @throws IOException if nothing can be created; nothing is left then
     */
    UploadId create(UploadState state) throws IOException;

    /**
     * Looks at an upload resource, whoever has it open. What its record says is on stable storage.
     *
     * @return none if there is none of this id, or not enough of it to go on
     * @throws IOException if the directory cannot be looked at
     */
    Optional<UploadRecord> look(UploadId id) throws IOException;

    /**
     * All upload resources, finished or not.
     *
     * @throws IOException if the directory cannot be read
     */
    List<UploadRecord> uploads() throws IOException;

    /**
     * Opens an upload resource for this caller alone, among all servers that share the directory, until it is closed or the
     * process has ended. Where its record tells of more bytes than there are, it goes on from those that there are. An object
     * store locks it by an object that is put if there is none, with a lease that its holder renews.
     *
     * @param expected the offset from which the client goes on, if it has said so: where another one is found, the store makes
     *        sure that this is not an old one
     * @return none where {@link #look} finds none, or a finished one
     * @throws UploadLockedException if somebody else has it open
     * @throws IOException if it cannot be opened
     */
    Optional<PendingUpload> resume(UploadId id, OptionalLong expected) throws IOException;

    /**
     * Removes an upload resource, finished or not; never a published file. Nothing happens if there is none.
     *
     * @throws UploadLockedException if somebody has it open
     * @throws IOException if it cannot be removed
     */
    void remove(UploadId id) throws IOException;
}
