package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.dropzonebackup.core.refusal.Refusal.NameTaken;
import org.dropzonebackup.core.refusal.Refusal.UploadBusy;
import org.dropzonebackup.core.refusal.Refusal.UploadComplete;
import org.dropzonebackup.core.refusal.Refusal.UploadUnknown;
import org.dropzonebackup.core.refusal.Refusal.WrongOffset;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.ResumableStore;
import org.dropzonebackup.core.store.UploadId;

/**
 * Receives uploads that come in pieces: an upload resource is created, appended to by one request at a time, and
 * completed. One for the whole application; safe for threads. Everything but {@link #takeOver} may wait for the device.
 */
public final class ResumableReceiver {

    /**
     * @param receiver whose limits hold here too
     * @param store the receiver's store
     * @param staleAfter how long nothing may come to an upload resource before it expires
     * @param clock for that
     */
    public ResumableReceiver(final Receiver receiver, final ResumableStore store, final Duration staleAfter,
            final Clock clock) {
    }

    /**
     * Creates an upload resource for a file, as far as what is announced is admitted: name, size, quota and space, and
     * that the name is free. Where a file of that name is there and digests are announced, it is decided in the end.
     *
     * @param notes come back with every look at it
     * @throws RefusedException if it is refused; nothing is there then
     * @throws IOException if the store fails; nothing is there then
     */
    public UploadId create(final DropBox box, final Owner owner, final Announcement announced, final Map<String, String> notes)
            throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Creates an upload resource for a body that carries files. The quota counts its bytes until they are read back; the
     * size limit holds for each of its files.
     *
     * @param length of the body, if it is known
     * @param notes come back with every look at it
     * @throws RefusedException if it is refused; nothing is there then
     * @throws IOException if the store fails; nothing is there then
     */
    public UploadId createBody(final DropBox box, final Owner owner, final OptionalLong length, final Map<String, String> notes)
            throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Looks at an upload resource; waits for nobody who is at work for it.
     *
     * @throws RefusedException with {@link UploadUnknown}
     * @throws IOException if the store fails
     */
    public UploadResource look(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the append of this process that is open for an upload resource, if there is one, to give up, by running what
     * it gave for that. To be called for a request of the same owner, after {@link #look}.
     *
     * @return done when that append is closed: on the thread that closes it, or at once
     */
    public CompletionStage<Void> takeOver(final UploadId id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens an upload resource to append to it, to complete it, or both.
     *
     * @param offset where the client goes on
     * @param giveUp is run, once and on any thread, when a newer request wants the upload resource: the append is then to
     *        be closed soon
     * @return to be closed in any case
     * @throws RefusedException with {@link UploadUnknown}, {@link WrongOffset}, {@link UploadComplete}, {@link UploadBusy}
     *         if another request has it open, or as there is no space for the rest
     * @throws IOException if the store fails
     */
    public Append append(final DropBox box, final Owner owner, final UploadId id, final long offset, final Runnable giveUp)
            throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes an upload resource, complete or not, and gives back what was reserved for it. What was published stays.
     *
     * @throws RefusedException with {@link UploadUnknown}, or {@link UploadBusy} if a request has it open
     * @throws IOException if the store fails
     */
    public void cancel(final DropBox box, final Owner owner, final UploadId id) throws RefusedException, IOException {
        throw new UnsupportedOperationException();
    }
}
