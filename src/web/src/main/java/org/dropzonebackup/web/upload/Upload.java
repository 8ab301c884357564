package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.AuditTrail;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * One request's way from the socket to its answer. The container calls when bytes are there, and no thread waits for
 * them meanwhile; what waits for the device runs on a worker. All else happens in one {@link SerialExecutor}, so that a client
 * that goes away, or a server that stops, meets no upload in the middle of a step.
 */
public final class Upload implements ReadListener {

    private static final System.Logger LOG = System.getLogger(Upload.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    private final HttpServletRequest request;
    private final RequestEnd end;
    private final UploadContext desk;
    private final Answer answer;
    private final MinimumRate pace;
    private final Optional<AuditTrail> trail;

    private final Executor turns;
    private final SerialExecutor sequence;
    private BodyHandler intake;
    /** Null before it is read. */
    private Body body;
    private long received;
    /** Whether a {@link Suspension} is not over yet: nothing is read meanwhile. */
    private volatile boolean pausing;
    private boolean allRead;
    /** What whoever still listens is told, if it is given up; else null. */
    private Supplier<Problem> givenUp;
    /** Whether the connection is broken in both directions, so that no answer reaches anybody. */
    private boolean unheard;
    private boolean over;
    /** After a refusal in the middle of the body: what goes on reading it. */
    private ReadListener drain;

    /**
     * @param answer tells the client what became of it
     */
    Upload(final AsyncContext async, final UploadContext desk, final Answer answer) {
        this.request = (HttpServletRequest) async.getRequest();
        this.end = new RequestEnd(async);
        this.desk = desk;
        this.answer = answer;
        this.pace = new MinimumRate(desk.pace());
        this.trail = AuditTrail.of(request);
        this.turns = desk.turns(request);
        this.sequence = new SerialExecutor(desk.alone(request));
        desk.underWay().add(this);
    }

    /** Where the files go, or what else becomes of the body. */
    @FunctionalInterface
    public interface Opening {
        /**
         * @param giveUp ends this request, as if its client had gone away; may be run on any thread, at any time
         * @throws RefusedException if the upload is refused unread
         * @throws ProblemException if it is, for a reason that the core does not know
         * @throws IOException if the store fails
         */
        BodyHandler open(Runnable giveUp) throws RefusedException, ProblemException, IOException;
    }

    /** Begins to read the body, unless it is refused before. */
    void begin(final Opening opening) {
        try {
            desk.opener(request).execute(() -> step(() -> open(opening)));
        } catch (final RuntimeException | Error e) {
            step(() -> {
                throw e;
            });
        }
    }

    private void open(final Opening opening) throws RefusedException, ProblemException, IOException {
        intake = opening.open(this::abort);
        final Optional<Suspension> first = intake.beforehand();
        if (first.isPresent()) {
            pause(first.get(), this::beginIntake);
        } else {
            beginIntake();
        }
    }

    private void beginIntake() throws RefusedException, ProblemException, IOException {
        decide(intake.beginsSlowly(), desk.workers().admission(), intake::begin, this::readUnless);
    }

    private void readUnless(final Optional<Receipt> stored) throws IOException {
        if (stored.isPresent()) {
            close();
            trail.ifPresent(told -> told.stored(List.of(stored.get())));
            end.with(() -> answer.storedBefore(stored.get()));
        } else {
            read();
        }
    }

    private void read() throws IOException {
        if (request.getAttribute(EarlyAnswer.CONTINUE) instanceof Runnable sendContinue) {
            sendContinue.run();
        }
        body = new Body(request);
        pace.waiting(System.nanoTime());
        body.tell(this);
        if (body.isFinished()) {
            // Tomcat tells no listener of the end of an empty body that is not set by its own thread
            onAllDataRead();
        }
    }

    @Override
    public void onDataAvailable() {
        event(this::readOn, ReadListener::onDataAvailable);
    }

    private void readOn() throws RefusedException, IOException {
        pace.resumed(System.nanoTime());
        boolean more = !pausing && !end.isLeftToContainer();
        while (more) {
            final Buffers.Buffer buffer = body.buffer(desk.buffers(), intake.position());
            try {
                more = fill(buffer.bytes());
                take(buffer);
            } finally {
                buffer.release();
            }
            more &= !pausing && !end.isLeftToContainer();
            if (more && sequence.isAwaited()) {
                // A client that sends without end keeps nobody waiting who wants to end this
                step(this::readOn);
                return;
            }
        }
        if (!pausing) {
            pace.waiting(System.nanoTime());
        }
    }

    /** @return whether there may be more to read at once; the upload is given up if its client is gone */
    private boolean fill(final ByteBuffer buffer) {
        try {
            return body.fill(buffer, sequence::isAwaited);
        } catch (final IOException | RuntimeException e) {
            if (e instanceof RuntimeException fault && !end.isLeftToContainer()) {
                throw fault;
            }
            lost(e);
            return false;
        }
    }

    private void take(final Buffers.Buffer buffer) throws RefusedException, IOException {
        final ByteBuffer bytes = buffer.bytes().flip();
        if (bytes.hasRemaining()) {
            received += bytes.remaining();
            pace.received(bytes.remaining());
            intake.accept(bytes, buffer).ifPresent(pause -> pause(pause, this::resume));
        }
    }

    private void resume() throws RefusedException, ProblemException, IOException {
        if (allRead) {
            endOfBody();
        } else {
            readOn();
        }
    }

    @Override
    public void onAllDataRead() {
        event(() -> {
            pace.resumed(System.nanoTime());
            final boolean known = allRead;
            allRead = true;
            if (!known && !pausing) {
                endOfBody();
            }
        }, ReadListener::onAllDataRead);
    }

    private void endOfBody() throws RefusedException, ProblemException, IOException {
        final long announced = request.getContentLengthLong();
        if (announced < 0 || received == announced) {
            commit();
        } else if (resumes()) {
            giveUp(this::cutOff);
        } else {
            refuse(cutOff());
        }
    }

    private void commit() throws RefusedException, ProblemException, IOException {
        intake.end();
        decide(intake.commitsSlowly(), desk.workers().commits(), intake::commit, receipts -> {
            close();
            trail.ifPresent(told -> told.stored(receipts));
            end.with(() -> answer.stored(receipts));
        });
    }

    @Override
    public void onError(final Throwable fault) {
        end.leaveToContainer();
        lost(fault);
    }

    private void lost(final Throwable fault) {
        LOG.log(Level.DEBUG, "a client went away in the middle of an upload", fault);
        event(() -> {
            unheard = RequestEnd.isReset(fault);
            giveUp(this::cutOff);
        }, listener -> listener.onError(fault));
    }

    /** Who sends chunks that nobody can read is still there, and so may be who has sent all that it is going to. */
    private Problem cutOff() {
        final long announced = request.getContentLengthLong();
        return resumes() ? Problem.cutOff() : Problem.of(new Malformed(announced < 0
                ? "The body was cut off, or its framing is malformed, after " + received + " bytes."
                : "The body was cut off: " + announced + " bytes announced, got " + received + "."));
    }

    /** Gives the upload up: nothing of it stays unless it resumes, or is being committed just now. */
    void abort() {
        step(() -> giveUp(() -> resumes() ? Problem.cutOff() : Problem.of(Suspension.STOPPING)));
    }

    private void giveUp(final Supplier<Problem> reason) {
        givenUp = reason;
        if (!pausing) {
            endGivenUp();
        }
    }

    /** Whether its client is too slow; to be asked several times within the idle time. Waits for nothing that may take long. */
    boolean isTooSlow() {
        return !pausing && pace.isTooSlow(System.nanoTime());
    }

    /**
     * Gives the upload up because its client is too slow, and says so. Nothing more is read: such a client would not be seen to
     * finish anyway.
     */
    void cut() {
        step(() -> {
            if (!pausing) {
                close();
                final Problem problem = Problem.tooSlow(resumes());
                tellTrail(told -> told.refused(problem, names(), received));
                end.withProblem(() -> problem);
            }
        });
    }

    /** Runs a task as soon as all that was to be done with this upload before is done. */
    void then(final Runnable task) {
        sequence.run(task);
    }

    private void endGivenUp() {
        close();
        tellTrail(told -> told.gone(names(), received));
        if (unheard) {
            end.unanswered();
        } else {
            end.withProblem(givenUp);
        }
    }

    /** What resumes is not decided yet. */
    private void tellTrail(final Consumer<AuditTrail> outcome) {
        if (!resumes()) {
            trail.ifPresent(outcome);
        }
    }

    private boolean resumes() {
        return intake != null && intake.resumes();
    }

    private List<String> names() {
        return intake == null ? List.of() : intake.names();
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        desk.underWay().remove(this);
        try {
            if (intake != null) {
                intake.close();
            }
        } catch (final Throwable e) {
            // Its client is to have an answer all the same
            LOG.log(Level.WARNING, "a staging file was left behind, the next sweep will take it", e);
        }
    }

    private interface Event {
        void tell(ReadListener listener) throws IOException;
    }

    private void step(final Suspension.Step step) {
        sequence.run(() -> guarded(step));
    }

    /** What the container has to tell, to this upload or to what reads on after a refusal. */
    private void event(final Suspension.Step step, final Event event) {
        turns.execute(() -> sequence.run(() -> {
            if (drain == null) {
                guarded(step);
            } else if (!end.isLeftToContainer()) {
                tellDrain(event);
            }
        }));
    }

    private void tellDrain(final Event event) {
        try {
            event.tell(drain);
        } catch (final IOException e) {
            drain.onError(e);
        }
    }

    private void guarded(final Suspension.Step step) {
        if (over) {
            return;
        }
        try {
            step.run();
        } catch (final RefusedException e) {
            refuse(Problem.of(e.refusal()));
        } catch (final ProblemException e) {
            refuse(e.problem());
        } catch (final Throwable e) {
            if (end.isLeftToContainer()) {
                lost(e);
            } else {
                fail(e);
            }
        }
    }

    private void fail(final Throwable fault) {
        try {
            FAULTS.report(Level.ERROR, "an upload failed", fault);
            refuse(Problem.failure(fault, resumes()));
        } catch (final Throwable e) {
            close();
            end.failed(e);
        }
    }

    private interface Work<T> {
        T run() throws RefusedException, ProblemException, IOException;
    }

    private interface Then<T> {
        void accept(T outcome) throws RefusedException, ProblemException, IOException;
    }

    /**
     * @param slowly whether the work may wait, and is left to a worker
     */
    private <T> void decide(final boolean slowly, final Executor worker, final Work<T> work, final Then<T> then)
            throws RefusedException, ProblemException, IOException {
        if (slowly) {
            final AtomicReference<T> outcome = new AtomicReference<>();
            pause(Suspension.on(worker, () -> outcome.set(work.run())), () -> goOn(outcome.get(), worker, work, then));
        } else {
            goOn(work.run(), worker, work, then);
        }
    }

    /** Work after which stored files have to be read has no outcome yet, and is done again when they are read. */
    private <T> void goOn(final T outcome, final Executor worker, final Work<T> work, final Then<T> then)
            throws RefusedException, ProblemException, IOException {
        if (intake.readsBack()) {
            pause(Suspension.inTurns(desk.workers().readBack(), intake::readBack), () -> decide(true, worker, work, then));
        } else {
            then.accept(outcome);
        }
    }

    private void pause(final Suspension pause, final Suspension.Step then) {
        pausing = true;
        boolean begun = false;
        try {
            pause.begin(step -> sequence.run(() -> goOn(step, then)));
            begun = true;
        } finally {
            pausing = begun;
        }
    }

    private void goOn(final Suspension.Step step, final Suspension.Step then) {
        pausing = false;
        guarded(() -> {
            step.run();
            then.run();
        });
        if (givenUp != null && !pausing) {
            guarded(this::endGivenUp);
        }
    }

    private void refuse(final Problem problem) {
        final boolean reading = body != null;
        close();
        tellTrail(told -> told.refused(problem, names(), received));
        end.with(() -> {
            if (!reading) {
                answer.refusedUnread(problem);
            } else if (body.isFinished()) {
                answer.refused(problem);
            } else {
                drain = answer.refusedWhileReading(problem);
                tellDrain(ReadListener::onDataAvailable);
            }
        });
    }
}
