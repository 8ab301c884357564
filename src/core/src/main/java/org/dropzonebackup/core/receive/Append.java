package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * One request's work for an upload resource: {@link #write} as often as bytes come, {@link #checkpoint} in between and in
 * the end, perhaps {@link #complete}; {@link #close} in any case. What was not checkpointed is not kept.
 *
 * <p>After a refusal of {@link #write} or {@link #announce}, what came before can still be checkpointed. After an
 * {@link IOException} nothing but {@link #close} makes sense. Only {@link #write} and the questions do not wait for the
 * device. Not safe for threads.
 */
public final class Append implements AutoCloseable {

    Append() {
    }

    /** Bytes that are there, with those that are not checkpointed. */
    public long offset() {
        throw new UnsupportedOperationException();
    }

    /** Bytes in all, if that is known. */
    public OptionalLong length() {
        throw new UnsupportedOperationException();
    }

    /** Whether the bytes are a body that carries files, to be read back by {@link #unpack}. */
    public boolean isBody() {
        throw new UnsupportedOperationException();
    }

    /**
     * Says how many bytes there will be in all, durably; nothing happens if that is known already.
     *
     * @throws RefusedException with {@link LengthChanged} if it contradicts what is known, or if so many are not admitted
     * @throws IOException if the store fails
     */
    public void announce(final long length) throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends all remaining bytes.
     *
     * @throws RefusedException with {@link LengthChanged} if they go beyond the length, or if a limit is crossed; nothing
     *         of this buffer is written then
     * @throws IOException if the store fails
     */
    public void write(final ByteBuffer bytes) throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /** Whether so much came since the last checkpoint that it is time for another. */
    public boolean isCheckpointDue() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes durable what was written, and that it was.
     *
     * @throws RefusedException if the store is full or too busy
     * @throws IOException if the store fails
     */
    public void checkpoint() throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads more of a complete body back, in a step of bounded length; all of it in the end. The first step gives the
     * quota of the body itself back to the files in it. A refusal ends the upload resource.
     *
     * @param parser makes what finds the files, in the first step
     * @return whether there is more to read
     * @throws RefusedException as the parser throws it
     * @throws IOException as the parser throws it, or if the store fails; the body can be read again by another append
     */
    public boolean unpack(final Function<Reception, BodyParser> parser) throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Publishes the file, or the files of the body, if quota, name and digests still allow it. The bytes that were
     * written need no checkpoint before. If the length is not known, it is what is there.
     *
     * @return their receipts, which a look at the upload resource gives from now on
     * @throws RefusedException if that cannot be. If no retry can change it, that is the end of the upload resource; if the
     *         store is full or too busy, it is as it was at the last checkpoint
     * @throws IOException if the store fails; the upload resource is as it was at the last checkpoint
     */
    public List<Receipt> complete() throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Lets others have the upload resource.
     *
     * @throws IOException if something goes wrong with that
     */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
