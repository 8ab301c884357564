package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.Reception;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.json.JSONStringer;

/**
 * One request's way from the socket to its answer. The container calls when bytes are there, and no thread waits for
 * them meanwhile; what waits for the device runs on a worker. Each call holds this object's lock, so that a client that
 * goes away, or a server that stops, meets no upload in the middle of a step.
 */
public final class Upload implements ReadListener {

    private static final System.Logger LOG = System.getLogger(Upload.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    private final HttpServletRequest request;
    private final Receiver receiver;
    private final DropBox box;
    private final UploadDesk desk;
    private final Pace pace;

    /** Another one after each dispatch. */
    private AsyncContext async;
    private Reception reception;
    private BodyReader body;
    private ServletInputStream in;
    private long received;
    private boolean over;
    /** What to do when a worker has done its part. */
    private Step next;
    /** The receipt of a file that was there before its bytes came again. */
    private Optional<Receipt> stored = Optional.empty();
    /** After a refusal in the middle of the body: what goes on reading it. */
    private volatile ReadListener drain;

    Upload(final HttpServletRequest request, final Receiver receiver, final DropBox box, final UploadDesk desk) {
        this.request = request;
        this.receiver = receiver;
        this.box = box;
        this.desk = desk;
        this.pace = new Pace(desk.pace());
        startAsync();
        desk.underWay().add(this);
    }

    private void startAsync() {
        async = request.startAsync();
        async.setTimeout(0);
    }

    /** A form's body: each file is decided when its part begins. */
    void multipart(final String boundary) {
        guarded(() -> {
            reception = receiver.open(box);
            body = new MultipartBody(boundary, reception);
            if (reception.needsPreparation()) {
                onWorker(reception::prepare, this::read);
            } else {
                read();
            }
        });
    }

    /** The body is the file. */
    void raw(final Announcement announcement) {
        guarded(() -> {
            reception = receiver.open(box);
            body = new BodyReader.Raw(reception);
            if (reception.needsPreparation() || !announcement.digests().isEmpty()) {
                onWorker(() -> begin(announcement), this::readUnlessStored);
            } else {
                begin(announcement);
                read();
            }
        });
    }

    private void begin(final Announcement announcement) throws RefusedException, IOException {
        stored = reception.begin(announcement);
    }

    private void readUnlessStored() throws IOException {
        if (stored.isPresent()) {
            close();
            desk.early().send(async, (asked, answer) -> writeReceipts(asked, answer, List.of(stored.get())));
        } else {
            read();
        }
    }

    /**
     * Does on a worker what may wait, and then goes on with the container's thread, to which alone the body belongs: a
     * thread of ours that began to read would wait for the container's lock while the container's waits for this one's.
     */
    private void onWorker(final Step waiting, final Step then) {
        onWorker(() -> {
            try {
                waiting.run();
                next = then;
            } catch (final RefusedException | IOException | RuntimeException e) {
                next = () -> {
                    throw e;
                };
            }
            async.dispatch();
        });
    }

    /** On the container's thread again. */
    void resume() {
        guarded(() -> {
            startAsync();
            next.run();
        });
    }

    private void read() throws IOException {
        if (request.getAttribute(EarlyAnswer.CONTINUE) instanceof Runnable sendContinue) {
            sendContinue.run();
        }
        in = request.getInputStream();
        pace.waiting(System.nanoTime());
        in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (drain != null) {
            drain.onDataAvailable();
            return;
        }
        pace.resumed(System.nanoTime());
        guarded(this::readAvailable);
        if (drain != null) {
            drain.onDataAvailable();
        }
    }

    private void readAvailable() throws RefusedException, IOException {
        final byte[] buffer = desk.buffers().take();
        while (!over && in.isReady()) {
            final int count = readSome(buffer);
            if (count < 0) {
                break;
            }
            received += count;
            pace.received(count);
            body.accept(ByteBuffer.wrap(buffer, 0, count));
        }
        desk.buffers().giveBack(buffer);
        pace.waiting(System.nanoTime());
    }

    /** @return how many bytes, or -1 if none will come; the upload is given up if that is before its end */
    private int readSome(final byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (final IOException e) {
            onError(e);
            return -1;
        }
    }

    @Override
    public void onAllDataRead() throws IOException {
        if (drain != null) {
            drain.onAllDataRead();
            return;
        }
        guarded(() -> {
            pace.resumed(System.nanoTime());
            final long announced = request.getContentLengthLong();
            if (announced >= 0 && received != announced) {
                throw new RefusedException(new Malformed(
                        "The body was cut off: " + announced + " bytes announced, got " + received + "."));
            }
            body.end();
            onWorker(this::commit);
        });
    }

    private void commit() throws RefusedException, IOException {
        final List<Receipt> receipts = reception.commit();
        close();
        try {
            writeReceipts(request, (HttpServletResponse) async.getResponse(), receipts);
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "a client went away before its answer; its files are stored", e);
        }
        async.complete();
    }

    @Override
    public synchronized void onError(final Throwable fault) {
        if (drain != null) {
            drain.onError(fault);
        } else if (!over) {
            LOG.log(Level.DEBUG, "a client went away in the middle of an upload", fault);
            abort();
        }
    }

    /** Gives the upload up if its client is too slow, and says so; on a worker, as another step may hold this. */
    void cutIfTooSlow() {
        if (pace.isTooSlow(System.nanoTime())) {
            onWorker(this::cut);
        }
    }

    /** Nothing more is read: a client that is too slow would not be seen to finish anyway. */
    private void cut() {
        close();
        final HttpServletResponse response = (HttpServletResponse) async.getResponse();
        response.setHeader("Connection", "close");
        try {
            Answers.write(request, response, Problem.tooSlow());
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "a client that was too slow is gone", e);
        }
        async.complete();
    }

    /** Gives the upload up: nothing of it stays. An unset status would be a 200 to whoever still listens. */
    synchronized void abort() {
        if (!over) {
            close();
            final HttpServletResponse response = (HttpServletResponse) async.getResponse();
            if (!response.isCommitted()) {
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
                response.setHeader("Connection", "close");
            }
            async.complete();
        }
    }

    private void close() {
        over = true;
        desk.underWay().remove(this);
        if (reception != null) {
            try {
                reception.close();
            } catch (final IOException e) {
                LOG.log(Level.WARNING, "a staging file was left behind, the next sweep will take it", e);
            }
        }
    }

    private interface Step {
        void run() throws RefusedException, IOException;
    }

    private synchronized void guarded(final Step step) {
        if (over) {
            return;
        }
        try {
            step.run();
        } catch (final RefusedException e) {
            answerEarly(Problem.of(e.refusal()));
        } catch (final IOException | RuntimeException e) {
            FAULTS.report(Level.ERROR, "an upload failed", e);
            answerEarly(Problem.failure());
        }
    }

    private void onWorker(final Step step) {
        try {
            desk.worker().execute(() -> guarded(step));
        } catch (final RejectedExecutionException stopping) {
            LOG.log(Level.DEBUG, "an upload came while the application stops", stopping);
            abort();
        }
    }

    private void answerEarly(final Problem problem) {
        final boolean reading = in != null;
        close();
        try {
            final EarlyAnswer.Writer answer = (asked, response) -> Answers.write(asked, response, problem);
            if (reading && !in.isFinished()) {
                drain = desk.early().begin(async, answer);
            } else if (reading) {
                answer.write(request, (HttpServletResponse) async.getResponse());
                async.complete();
            } else {
                desk.early().send(async, answer);
            }
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "a refused client went away", e);
            async.complete();
        }
    }

    private static void writeReceipts(final HttpServletRequest request, final HttpServletResponse response,
            final List<Receipt> receipts) throws IOException {
        if (!Answers.wantsJson(request)) {
            Answers.write(response, HttpServletResponse.SC_OK, "text/plain", "OK");
            return;
        }
        final JSONStringer json = new JSONStringer();
        json.object().key("files").array();
        for (final Receipt receipt : receipts) {
            json.object().key("name").value(receipt.name()).key("size").value(receipt.size())
                    .key("sha256").value(receipt.sha256()).key("storedAt").value(receipt.storedAt().toString())
                    .endObject();
        }
        json.endArray().endObject();
        Answers.write(response, HttpServletResponse.SC_OK, "application/json", json.toString());
    }
}
