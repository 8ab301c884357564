package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.threads.SerialExecutor;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.dropzonebackup.web.upload.Suspension.Step;
import org.dropzonebackup.web.upload.UploadState.Draining;
import org.dropzonebackup.web.upload.UploadState.Ended;

/**
 * One request's way from the socket to its answer, as a state machine. Events come from any thread and are dealt with one
 * after the other, in a {@link SerialExecutor}; each moves one buffer of bytes at most, so that a stop, or the end of a client,
 * is dealt with between two. No thread waits for bytes: the container tells when they are there.
 *
 * <table>
 * <caption>What happens on an event in a state; nothing happens in the state Ended</caption>
 * <tr><th>event</th><th>Waiting for work elsewhere</th><th>Reading</th><th>Draining</th></tr>
 * <tr><td>bytes or a buffer are there</td><td>nothing: asked for afterwards</td>
 *     <td>a buffer is filled and handed over; Waiting if that suspends</td><td>discarded</td></tr>
 * <tr><td>all read</td><td>remembered</td><td>Waiting for the commit; refused if bytes are missing</td><td>Ended</td></tr>
 * <tr><td>client gone</td><td>remembered</td><td>given up: Ended</td><td>Ended</td></tr>
 * <tr><td>client too slow</td><td>nothing: it is not its turn</td><td>refused (408): Ended</td>
 *     <td>nothing: it has its own limit</td></tr>
 * <tr><td>stop, or taken over</td><td>remembered</td><td>given up: Ended</td><td>nothing</td></tr>
 * <tr><td>no thread can be had</td><td>remembered</td><td>refused</td><td>nothing</td></tr>
 * <tr><td>work has ended</td><td>what was remembered; else Reading. After the commit in any case stored: Ended</td>
 *     <td>nothing</td><td>nothing</td></tr>
 * <tr><td>refusal or fault</td><td>refused when the work has ended</td>
 *     <td>refused: Draining if bytes are still coming, else Ended</td><td>Ended</td></tr>
 * </table>
 *
 * <p>Whatever the way to Ended: the handler is closed once, nothing is lent or under way any more, and the client is answered
 * once, unless its connection is broken in both directions.
 */
public final class Upload implements ReadListener {

    private static final System.Logger LOG = System.getLogger(Upload.class.getName());

    private final UploadContext context;
    private final RequestEnd end;
    private final BodyReader reader;
    private final UploadEnding ending;
    private final boolean large;
    private final SerialExecutor events;
    private volatile UploadState state = new Ended();
    /** Null before it is opened. */
    private BodyHandler handler;

    /**
     * @param answer tells the client what became of it
     */
    Upload(final AsyncContext async, final UploadContext context, final Answer answer) {
        final HttpServletRequest request = (HttpServletRequest) async.getRequest();
        this.context = context;
        this.end = new RequestEnd(async);
        this.large = UploadContext.isLarge(request);
        this.reader = new BodyReader(request, end, new LentBuffers(context.buffers(), () -> context.resume(large, this::onDataAvailable)),
                new MinimumRate(context.minimumRate()), context.meter());
        this.ending = new UploadEnding(request, end, answer, reader);
        this.events = context.events(large, fault -> guarded(() -> state.giveUp(() -> end(fault))));
    }

    /** Begins to read the body, unless it is refused before. */
    void begin(final BodyHandler.Opening opening) {
        final Suspension opened = Suspension.on(context.turns(large).orElse(Runnable::run), () -> {
            handler = opening.open(this::abort);
            ending.of(handler);
        });
        await(ended -> {
            context.underWay().add(this);
            opened.begin(ended);
        }, false, () -> await(handler.begin(), false, this::read));
    }

    /** An event, which is dealt with after those that came before. */
    private void post(final Step event) {
        events.execute(() -> guarded(event));
    }

    @Override
    public void onDataAvailable() {
        post(() -> state.bytesThere());
    }

    @Override
    public void onAllDataRead() {
        post(() -> state.allRead());
    }

    @Override
    public void onError(final Throwable fault) {
        end.leaveToContainer();
        lost(fault);
    }

    private void lost(final Throwable fault) {
        LOG.log(Level.DEBUG, "a client went away in the middle of an upload", fault);
        post(() -> state.clientGone(fault));
    }

    /** Gives the upload up: nothing of it stays unless it resumes, or is being committed just now. */
    void abort() {
        post(() -> state.giveUp(() -> end(UploadEnding::stopping)));
    }

    /** Whether its client is too slow; to be asked several times within the idle time. Waits for nothing that may take long. */
    boolean isTooSlow() {
        return state instanceof Reading && reader.isTooSlow();
    }

    /** Gives the upload up because its client is too slow, and says so. Nothing more is read. */
    void cut() {
        post(() -> state.tooSlow());
    }

    /** Runs a task as soon as all that was to be done with this upload before is done. */
    void then(final Runnable task) {
        events.execute(task);
    }

    /** Work elsewhere has to end first, to which the handler belongs until then. */
    final class Waiting extends UploadState {

        private final Step next;
        private final boolean commit;
        private boolean allRead;
        /** What happens instead of the next step; null: nothing. */
        private Step instead;

        Waiting(final Step next, final boolean commit) {
            this.next = next;
            this.commit = commit;
        }

        @Override
        void allRead() {
            allRead = true;
        }

        @Override
        void clientGone(final Throwable fault) {
            giveUp(() -> end(told -> told.gone(fault)));
        }

        @Override
        void giveUp(final Step how) {
            instead = instead == null ? how : instead;
        }

        /** The work has ended, unless it was heard of before. */
        void ended(final Throwable thrown) throws RefusedException, ProblemException, IOException {
            if (state != this) {
                return;
            }
            state = new Reading();
            if (thrown != null) {
                end(thrown);
            } else if (commit || instead == null && !allRead) {
                next.run();
            } else if (instead == null) {
                state.allRead();
            } else {
                instead.run();
            }
        }
    }

    private void await(final Suspension work, final boolean commit, final Step next) {
        final Waiting waiting = new Waiting(next, commit);
        final Thread beginner = Thread.currentThread();
        state = waiting;
        work.begin(thrown -> {
            final Runnable goOn = () -> post(() -> waiting.ended(thrown));
            if (commit || Thread.currentThread() == beginner) {
                goOn.run();
            } else {
                context.resume(large, goOn);
            }
        });
    }

    private void read() throws IOException {
        final List<Receipt> stored = handler.outcome();
        if (stored.isEmpty()) {
            reader.begin(this);
        } else {
            end(told -> told.storedBefore(stored.get(0)));
        }
    }

    /** The container tells of bytes; while as many buffers are lent as may be, none are taken. */
    final class Reading extends UploadState {

        @Override
        void bytesThere() throws RefusedException, IOException {
            final BodyReader.Read read = reader.read(handler);
            read.work().ifPresent(work -> await(work, false, () -> state.bytesThere()));
            read.gone().ifPresent(Upload.this::lost);
            if (read.more() && read.work().isEmpty()) {
                onDataAvailable();
            }
        }

        @Override
        void allRead() throws RefusedException, ProblemException, IOException {
            reader.stopped();
            if (reader.isComplete()) {
                final long complete = System.nanoTime();
                handler.end();
                await(handler.commit(), true, () -> stored(handler.outcome(), complete));
            } else if (ending.resumes()) {
                end(told -> told.givenUp(told::cutOff));
            } else {
                refuse(ending.cutOff());
            }
        }

        @Override
        void clientGone(final Throwable fault) {
            end(told -> told.gone(fault));
        }

        @Override
        void tooSlow() {
            end(UploadEnding::tooSlow);
        }

        @Override
        void giveUp(final Step how) throws RefusedException, ProblemException, IOException {
            how.run();
        }
    }

    private void stored(final List<Receipt> receipts, final long complete) {
        if (!receipts.isEmpty()) {
            context.meter().durable(System.nanoTime() - complete);
        }
        end(told -> told.stored(receipts));
    }

    private void refuse(final Problem problem) {
        end(told -> told.refused(problem).ifPresent(listener -> {
            final Draining draining = new Draining(end, listener);
            state = draining;
            draining.bytesThere();
        }));
    }

    private void end(final Consumer<UploadEnding> telling) {
        state = new Ended();
        context.underWay().remove(this);
        try {
            if (handler != null) {
                handler.close();
            }
        } catch (final Throwable e) {
            // Its client is to have an answer all the same
            LOG.log(Level.WARNING, "a staging file was left behind, the next sweep will take it", e);
        }
        telling.accept(ending);
    }

    private void guarded(final Step step) {
        try {
            step.run();
        } catch (final Throwable e) {
            end(e);
        }
    }

    private void end(final Throwable thrown) {
        final boolean fault = !(thrown instanceof RefusedException || thrown instanceof ProblemException);
        try {
            if (state instanceof Ended || state instanceof Draining) {
                end.failed(thrown);
            } else if (fault && end.isLeftToContainer()) {
                end(told -> told.gone(thrown));
            } else {
                refuse(ending.problem(thrown));
            }
        } catch (final Throwable e) {
            end.failed(e);
        }
    }
}
