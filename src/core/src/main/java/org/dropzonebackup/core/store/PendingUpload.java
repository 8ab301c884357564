package org.dropzonebackup.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An upload resource that is open: a record, and content that outlives the request. What is not published when this is closed
 * stays, to be opened again, as far as it was {@linkplain #record recorded}.
 *
 * <p>{@link #write} appends behind the recorded offset. An object store keeps each part as an object or a part of a multipart
 * upload, and the bytes behind the last whole part as an object of its own, which is removed only when the part that holds
 * them is stored; each record is a new object whose name has a generation.
 *
 * <p>It belongs to one request, which calls it from one thread at a time.
 */
public interface PendingUpload extends StagedFile {

    /** The state as it was recorded last; of fewer bytes if there are not so many. */
    UploadState state();

    /**
     * The bytes that were there when this was opened. Those behind the offset are not certain: they are written over, and not
     * cut off before {@link #trim}, as the record that the offset is from may be older than they are.
     */
    long size();

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
     * synced and published. Waits for bytes that are under way.
     *
     * @throws StoreBusyException as {@link #record} does
     * @throws IOException if it cannot be cut off
     */
    void trim() throws IOException;

    /**
     * Reads bytes that were written; waits for those that are under way.
     *
     * @param position of the first
     * @return how many came: at least one, unless the buffer is full; none or -1 behind the last byte
     * @throws IOException if they cannot be read
     */
    int read(ByteBuffer buffer, long position) throws IOException;

    /**
     * Says whether {@link Directory#usage()} counts it; it does unless it is told not to, by this process and until this is
     * closed.
     */
    void count(boolean counted);

    /**
     * Removes the bytes: the record, which says that it is finished, stays for whoever asks. {@link Directory#publish} does
     * the same to an upload resource whose own bytes it publishes.
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

    /** Does nothing: an upload resource stays open, and locked, until it is closed. */
    @Override
    void seal();

    /**
     * Lets others open it. Waits for bytes that are under way, so that nobody else meets them.
     *
     * @throws IOException if it may still be locked
     */
    @Override
    void close() throws IOException;
}
