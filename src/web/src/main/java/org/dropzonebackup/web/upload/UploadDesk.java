package org.dropzonebackup.web.upload;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.dropzonebackup.web.problem.EarlyAnswer;

/**
 * What all uploads share. Safe for threads.
 *
 * @param early answers while the body is still coming
 * @param worker runs what waits for the device
 * @param underWay uploads that are neither answered nor given up
 */
public record UploadDesk(EarlyAnswer early, Executor worker, Set<Upload> underWay) {

    /**
     * @param early answers while the body is still coming
     * @param worker runs what waits for the device
     */
    public UploadDesk(final EarlyAnswer early, final Executor worker) {
        this(early, worker, ConcurrentHashMap.newKeySet());
    }

    /** Gives up all uploads that are under way, because the application stops; nothing of them stays. */
    public void abortAll() {
        underWay.forEach(Upload::abort);
    }
}
