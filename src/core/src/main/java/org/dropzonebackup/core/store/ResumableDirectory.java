package org.dropzonebackup.core.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A directory that keeps upload resources besides published files: bytes that are not published yet, and a record of
 * them. {@link #usage()} counts each as the bytes that it has or is going to have, whichever are more.
 */
public interface ResumableDirectory extends Directory {

    /**
     * Creates an upload resource. It survives a loss of power when this returns.
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
     * All upload resources.
     *
     * @throws IOException if the directory cannot be read
     */
    List<UploadRecord> looks() throws IOException;

    /**
     * Opens an upload resource for this caller alone, among all servers that share the directory. Where its record tells of
     * more bytes than there are, it goes on from those that there are.
     *
     * @param expected the offset from which the client goes on, if it has said so: where another one is found, it is made sure
     *        that this is not an old one
     * @return none where {@link #look} finds none, or a finished one
     * @throws UploadLockedException if somebody else has it open
     * @throws IOException if it cannot be opened
     */
    Optional<PendingUpload> resume(UploadId id, OptionalLong expected) throws IOException;

    /**
     * The same for whoever expects nothing.
     *
     * @return none where {@link #look} finds none, or a finished one
     * @throws UploadLockedException if somebody else has it open
     * @throws IOException if it cannot be opened
     */
    default Optional<PendingUpload> resume(final UploadId id) throws IOException {
        return resume(id, OptionalLong.empty());
    }

    /**
     * Removes an upload resource, finished or not; never a published file. Nothing happens if there is none.
     *
     * @throws UploadLockedException if somebody has it open
     * @throws IOException if it cannot be removed
     */
    void remove(UploadId id) throws IOException;
}
