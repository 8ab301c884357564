package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.dropzonebackup.core.refusal.Refusal.UploadBusy;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;

/** The list of a store's upload resources for whoever runs the store, who sees those of all owners. Safe for threads. */
public final class UploadInventory {

    private final Store store;
    private final Duration staleAfter;

    /**
     * @param staleAfter how long nothing may come to an upload resource before it expires
     */
    public UploadInventory(final Store store, final Duration staleAfter) {
        this.store = store;
        this.staleAfter = staleAfter;
    }

    /**
     * All upload resources of a directory, complete or not.
     *
     * @param directory as the users file or the settings write it
     * @throws IOException if it cannot be read
     */
    public List<UploadResource> list(final String directory) throws IOException {
        return store.open(directory).uploads().stream()
                .flatMap(record -> UploadInfo.of(record.state().facts()).map(info -> info.resource(record, staleAfter)).stream())
                .toList();
    }

    /**
     * Removes an upload resource, and never a published file.
     *
     * @param directory as the users file or the settings write it
     * @throws RefusedException with {@link UploadBusy} if a server has it open
     * @throws IOException if it cannot be removed
     */
    public void remove(final String directory, final UploadId id) throws RefusedException, IOException {
        try {
            store.open(directory).remove(id);
        } catch (final UploadLockedException inUse) {
            throw new RefusedException(new UploadBusy());
        }
    }
}
