package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.threads.SerialExecutor;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/** What all uploads share. Safe for threads. */
public final class UploadContext {

    private static final System.Logger LOG = System.getLogger(UploadContext.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    /** Bytes; a client that sends no more keeps nobody waiting. */
    private static final int SMALL = 64 * 1024;

    private final EarlyAnswer early;
    private final Workers workers;
    private final boolean movesLarge;
    private final MinimumRate.Limits minimumRate;
    private final UploadMeter meter;
    private final Buffers buffers = new Buffers();
    private final Set<Upload> underWay = ConcurrentHashMap.newKeySet();

    /**
     * The executors of work that the container's threads do not do; none of them runs out because of another.
     *
     * @param transfers moves what large uploads send, in turns
     * @param admission decides before the body: looks at names, counts a directory
     * @param commits makes durable and publishes
     * @param readBack reads stored bytes, for as long as it takes, in turns
     * @param endings gives uploads up, which may take as long as a device or a socket does
     */
    public record Workers(Executor transfers, Executor admission, Executor commits, Executor readBack, Executor endings) {

        /** Work on the thread that brings it. */
        static final Workers DIRECT = new Workers(Runnable::run, Runnable::run, Runnable::run, Runnable::run, Runnable::run);
    }

    /**
     * @param early answers while the body is still coming
     * @param movesLarge whether {@code transfers} moves all of what large uploads send; else the container's threads do, as far
     *        as nothing suspends an upload
     * @param minRate bytes a second that a client has to send, on average over {@code idle}
     * @param idle how long a client may send nothing at all
     * @param meter is told what uploads bring
     */
    public UploadContext(final EarlyAnswer early, final Workers workers, final boolean movesLarge, final long minRate,
            final Duration idle, final UploadMeter meter) {
        this.early = early;
        this.workers = workers;
        this.movesLarge = movesLarge;
        this.minimumRate = new MinimumRate.Limits(minRate, idle);
        this.meter = meter;
    }

    /**
     * Begins to read a request of which nothing was read; it is answered later, on another thread.
     *
     * @param success writes the answer, if it is not refused
     * @param opening opens what handles the body
     */
    public void receive(final HttpServletRequest request, final Success success, final BodyHandler.Opening opening) {
        final AsyncContext async = request.startAsync();
        async.setTimeout(0);
        new Upload(async, this, new Answer.Direct(async, early, success)).begin(opening);
    }

    /**
     * Runs the first step of a request of which nothing was read, and refuses the request if the step throws a refusal.
     *
     * @throws IOException if the client is gone, or as the step throws it
     */
    public void takeOrRefuse(final HttpServletRequest request, final HttpServletResponse response, final Suspension.Step taking)
            throws IOException {
        try {
            taking.run();
        } catch (final RefusedException e) {
            early.refuse(request, response, Problem.of(e.refusal()));
        } catch (final ProblemException e) {
            early.refuse(request, response, e.problem());
        }
    }

    /** Answers while the body is still coming. */
    EarlyAnswer early() {
        return early;
    }

    /** The executors of work that the container does not do. */
    public Workers workers() {
        return workers;
    }

    /** Whether a request may have a large body; to be asked before it is answered, after which it may be another one. */
    static boolean isLarge(final HttpServletRequest request) {
        final long length = request.getContentLengthLong();
        return EarlyAnswer.hasBody(request) && (length < 0 || length > SMALL);
    }

    /** The executor of what moves the bytes of a request; none: the threads that bring it. */
    Optional<Executor> turns(final boolean large) {
        return movesLarge && large ? Optional.of(workers.transfers()) : Optional.empty();
    }

    /**
     * The executor of all that happens to a request: on the threads that bring it, or in turns if it is large.
     *
     * @param noThread is told if no thread can be had for a turn, while nothing else happens to the request; the turn is run by the
     *        thread that brought it
     */
    SerialExecutor events(final boolean large, final Consumer<Throwable> noThread) {
        return turns(large).map(turns -> new SerialExecutor(turn -> {
            try {
                turns.execute(turn);
            } catch (final RuntimeException | Error e) {
                noThread.accept(e);
                turn.run();
            }
        })).orElseGet(SerialExecutor::onCallers);
    }

    /** Goes on with a request that was suspended, on a thread that may move its bytes. */
    void resume(final boolean large, final Runnable goOn) {
        if (movesLarge || !large) {
            goOn.run();
            return;
        }
        try {
            workers.transfers().execute(goOn);
        } catch (final RuntimeException | Error e) {
            FAULTS.report(Level.WARNING, "no thread goes on with an upload; the one that ended its work does", e);
            goOn.run();
        }
    }

    MinimumRate.Limits minimumRate() {
        return minimumRate;
    }

    Buffers buffers() {
        return buffers;
    }

    /** The uploads that have not ended. */
    Set<Upload> underWay() {
        return underWay;
    }

    /** Whether any upload has not ended. */
    public boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** How many uploads have not ended. */
    public int inProgress() {
        return underWay.size();
    }

    UploadMeter meter() {
        return meter;
    }

    /** Gives up the uploads whose clients are too slow, and waits for none of them; to be called several times within the idle time. */
    public void cutSlow() {
        for (final Upload upload : underWay) {
            try {
                if (upload.isTooSlow()) {
                    workers.endings().execute(upload::cut);
                }
            } catch (final RuntimeException | Error e) {
                // The others are looked at too, and all of them again next time
                FAULTS.report(Level.ERROR, "an upload could not be looked at", e);
            }
        }
    }

    /**
     * Gives up all uploads, because the application stops; nothing stays of those that cannot be resumed.
     *
     * @param limit how long to wait for them; an upload whose device hangs never ends
     */
    public void abortAll(final Duration limit) {
        final List<Upload> all = List.copyOf(underWay);
        final CountDownLatch left = new CountDownLatch(all.size());
        all.forEach(upload -> workers.endings().execute(() -> {
            upload.abort();
            upload.then(left::countDown);
        }));
        try {
            if (!left.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "{0} uploads do not end", left.getCount());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
