package org.dropzonebackup.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The content of a file on its way: written, synced, and published by {@link Directory#publish}. What is not
 * published is gone when this is closed.
 *
 * <p>It belongs to one request, which calls it from one thread at a time. After an {@link IOException} it can only be closed.
 */
public interface StagedFile extends AutoCloseable {

    /**
     * Takes all remaining bytes, to be stored behind those that came before, and does not wait for the device. What goes wrong
     * with them later is told by the next call of this or of {@link #sync}, and by all that follow. An object store collects
     * them into parts.
     *
     * @param memory of the bytes. It is retained until they are stored, or until that has failed, and then released as often as
     *        it was retained. If it cannot be retained, the bytes are stored when this returns, which may wait for those before
     * @throws StoreFullException if earlier bytes found the device or the system's quota exhausted
     * @throws IOException if these or earlier bytes cannot be stored
     */
    void write(ByteBuffer bytes, Retainable memory) throws IOException;

    /** Whether none of the bytes is still under way to the store, so that {@link #sync} does not wait for those. */
    boolean isWritten();

    /**
     * Says that no more bytes will come, and lets go of what an open file costs, without waiting for bytes that are under way.
     * What goes wrong with that, {@link #sync} tells. Nothing happens if it was said before.
     */
    void seal();

    /**
     * Waits for all bytes and brings them to stable storage. No more bytes may come then, but those of a
     * {@link PendingUpload}.
     *
     * @throws StoreFullException if there is no room for what was written
     * @throws IOException if that cannot be promised
     */
    void sync() throws IOException;

    /**
     * When the last byte was stored; to be asked after {@link #sync}. {@link StoredFile#storedAt} tells the same of the published
     * file.
     *
     * @throws IOException if the store cannot tell
     */
    Instant storedAt() throws IOException;

    /**
     * Removes what was not published: nobody finds it when this returns. Does not wait for bytes that are under way.
     * Nothing happens if it was called before.
     *
     * @throws IOException if something is left behind, for {@link Store#retryRemovals} or {@link Store#sweep}
     */
    @Override
    void close() throws IOException;
}
