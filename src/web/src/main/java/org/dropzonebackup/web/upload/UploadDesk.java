package org.dropzonebackup.web.upload;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.dropzonebackup.web.problem.EarlyAnswer;

/** What all uploads share. Safe for threads. */
public final class UploadDesk {

    private final EarlyAnswer early;
    private final Executor worker;
    private final Buffers buffers = new Buffers();
    private final Set<Upload> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param early answers while the body is still coming
     * @param worker runs what waits for the device
     */
    public UploadDesk(final EarlyAnswer early, final Executor worker) {
        this.early = early;
        this.worker = worker;
    }

    EarlyAnswer early() {
        return early;
    }

    Executor worker() {
        return worker;
    }

    Buffers buffers() {
        return buffers;
    }

    /** Uploads that are neither answered nor given up. */
    Set<Upload> underWay() {
        return underWay;
    }

    /** Gives up all uploads that are under way, because the application stops; nothing of them stays. */
    public void abortAll() {
        underWay.forEach(Upload::abort);
    }
}
