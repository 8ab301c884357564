package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.dropzonebackup.core.refusal.Refusal.UploadBusy;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.ResumableStore;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;

/** The upload resources of a store, for whoever runs it: whose they are is told and not asked. Safe for threads. */
public final class UploadInventory {

    private final ResumableStore store;
    private final Duration staleAfter;

    /**
     * @param staleAfter how long nothing may come to an upload resource before it expires
     */
    public UploadInventory(final ResumableStore store, final Duration staleAfter) {
        this.store = store;
        this.staleAfter = staleAfter;
    }

    /**
     * All of a directory, complete or not.
     *
     * @param directory as the users file or the settings write it
     * @throws IOException if it cannot be read
     */
    public List<UploadResource> list(final String directory) throws IOException {
        return store.open(directory).looks().stream()
                .flatMap(record -> UploadInfo.of(record.state().facts()).map(facts -> facts.resource(record, staleAfter)).stream())
                .toList();
    }

    /**
     * Removes one, never a published file.
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
