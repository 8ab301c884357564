package org.dropzonebackup.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An upload resource that is open: a staged upload that outlives its request. What is not confirmed when it is closed
 * stays, to be opened again, as far as it was {@linkplain #record recorded}.
 *
 * <p>Belongs to one request; not safe for threads.
 */
public interface PendingUpload extends StagedUpload {

    /** As it was recorded last; of fewer bytes if there are not so many. */
    UploadState state();

    /**
     * Bytes that were there when this was opened. Those behind the offset are not certain: they are written over, and not
     * cut off before {@link #trim}, as the record that the offset is from may be older than they are.
     */
    long size();

    /**
     * The same; when this returns the bytes are written.
     *
     * @throws StoreFullException if the device or the system's quota is exhausted; what came before can still be synced and
     *         recorded
     */
    @Override
    void write(ByteBuffer bytes, Retainable memory) throws IOException;

    /**
     * Replaces the record, durably and at once. To be called after {@link #sync()} if the offset grows.
     *
     * @throws StoreFullException if there is no space for it
     * @throws StoreBusyException if another server has recorded more than was seen here: that record stays, and whoever
     *         opens the upload resource again goes on from it
     * @throws IOException if that cannot be promised; the old record or the new one is there then
     */
    void record(UploadState state) throws IOException;

    /**
     * Cuts off what lies behind the last byte that was recorded or written: to be called when all have come, before they are
     * synced and published.
     *
     * @throws StoreBusyException as {@link #record} does
     * @throws IOException if it cannot be cut off
     */
    void trim() throws IOException;

    /**
     * Reads bytes that were written.
     *
     * @param position of the first
     * @return how many came, at least one unless the buffer is full or there are no more
     * @throws IOException if they cannot be read
     */
    int read(ByteBuffer buffer, long position) throws IOException;

    /**
     * Whether {@link Directory#usage()} counts it; it does unless it is told not to, by this process and until this is
     * closed.
     */
    void count(boolean counted);

    /**
     * Removes the bytes: the record, which says that it is finished, stays for whoever asks.
     *
     * @throws IOException if they are left behind; the upload resource is not finished then
     */
    void finish() throws IOException;

    /**
     * Removes bytes and record.
     *
     * @throws IOException if something is left behind
     */
    void remove() throws IOException;
}
