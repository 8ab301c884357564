package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.Readers;
import org.dropzonebackup.web.problem.EarlyAnswer;

/** What all uploads share. Safe for threads. */
public final class UploadDesk {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(UploadDesk.class.getName()));

    private final EarlyAnswer early;
    private final Executor worker;
    private final Executor readers;
    private final Pace.Limits pace;
    private final Buffers buffers = new Buffers();
    private final Set<Upload> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param early answers while the body is still coming
     * @param worker runs what waits for the device
     * @param readers move what large uploads send
     * @param minRate bytes a second that have to come on average over {@code idle}
     * @param idle how long a client may send nothing at all
     */
    public UploadDesk(final EarlyAnswer early, final Executor worker, final Executor readers, final long minRate,
            final Duration idle) {
        this.early = early;
        this.worker = worker;
        this.readers = readers;
        this.pace = new Pace.Limits(minRate, idle);
    }

    /**
     * Begins to read a request of which nothing was read. All further of it happens later, on other threads.
     *
     * @param success writes the answer, if it is not refused
     * @param opening tells what becomes of the body
     */
    public void receive(final HttpServletRequest request, final Success success, final Upload.Opening opening) {
        final AsyncContext async = request.startAsync();
        async.setTimeout(0);
        new Upload(async, this, new Answer.Direct(async, early, success)).begin(opening);
    }

    /** Answers while the body is still coming. */
    public EarlyAnswer early() {
        return early;
    }

    /** Runs what waits for the device. */
    public Executor worker() {
        return worker;
    }

    /** Runs what moves the bytes of a request: in its turn, if they may be many. */
    Executor turns(final HttpServletRequest request) {
        final boolean large = EarlyAnswer.hasBody(request) && Readers.isLarge(request.getContentLengthLong());
        return large ? readers : Runnable::run;
    }

    Pace.Limits pace() {
        return pace;
    }

    Buffers buffers() {
        return buffers;
    }

    /** Uploads that are neither answered nor given up. */
    Set<Upload> underWay() {
        return underWay;
    }

    /** Gives up the uploads whose clients are too slow; to be called several times within the idle time. */
    public void cutSlow() {
        for (final Upload upload : underWay) {
            try {
                upload.cutIfTooSlow();
            } catch (final RuntimeException | Error e) {
                // The others are to be looked at too, and all of them again
                FAULTS.report(Level.ERROR, "an upload could not be looked at", e);
            }
        }
    }

    /** Gives up all uploads that are under way, because the application stops; nothing of them stays. */
    public void abortAll() {
        underWay.forEach(Upload::abort);
    }
}
