package org.dropzonebackup.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.dropzonebackup.core.policy.FileName;

/**
 * One file on its way: written, synced, published, confirmed. Whatever is not confirmed is gone when this is closed:
 * a staged file is deleted, a published one withdrawn, and a file that it replaced is back. What somebody else has put
 * under the name meanwhile is left alone.
 *
 * <p>Belongs to one request; not safe for threads.
 */
public interface StagedUpload extends AutoCloseable {

    /**
     * Appends all remaining bytes.
     *
     * @param memory of the bytes; perhaps retained until they are written
     * @throws StoreFullException if the device or the system's quota is exhausted
     * @throws IOException if these bytes cannot be written, or earlier ones could not; the upload can only be closed then
     */
    void write(ByteBuffer bytes, Retainable memory) throws IOException;

    /** Lets go of what an open file costs: no more bytes will come. What goes wrong with it, {@link #sync()} tells. */
    void seal();

    /**
     * Brings the content to stable storage.
     *
     * @throws StoreFullException if there is no room for what was written
     * @throws IOException if that cannot be promised
     */
    void sync() throws IOException;

    /**
     * Makes the file visible under a name, at once and whole.
     *
     * @param name not necessarily free
     * @param replace whether a file of that name may be replaced, if it can be put back until this is confirmed; anything
     *        else never is, nor a file that the same request has published
     * @throws NameTakenException if the name is taken; nothing has changed then
     * @throws IOException if it cannot be published; nothing has changed then
     */
    void publish(FileName name, boolean replace) throws NameTakenException, IOException;

    /** When the last byte was written. */
    Instant storedAt() throws IOException;

    /**
     * Makes the publication final: what was replaced is given up, and {@link #close()} has nothing left to undo. What
     * cannot be removed is left behind with the suffix of staging files.
     *
     * @throws IOException if the store fails; the publication is final all the same
     */
    void confirm() throws IOException;

    /**
     * Undoes all that was not confirmed.
     *
     * @throws IOException if something is left behind, with the suffix of staging files
     */
    @Override
    void close() throws IOException;
}
