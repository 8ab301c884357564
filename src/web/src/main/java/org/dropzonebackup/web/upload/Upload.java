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

    private final AsyncContext async;
    private final HttpServletRequest request;
    private final Receiver receiver;
    private final DropBox box;
    private final UploadDesk desk;

    private Reception reception;
    private BodyReader body;
    private ServletInputStream in;
    private long received;
    private boolean over;
    /** Whether bytes that came wait for a worker; the end of the body waits for them. */
    private boolean handedOn;
    private boolean allRead;
    /** After a refusal in the middle of the body: what goes on reading it. */
    private volatile ReadListener drain;

    Upload(final AsyncContext async, final Receiver receiver, final DropBox box, final UploadDesk desk) {
        this.async = async;
        this.request = (HttpServletRequest) async.getRequest();
        this.receiver = receiver;
        this.box = box;
        this.desk = desk;
        desk.underWay().add(this);
    }

    /** A form's body: each file is decided when its part begins. */
    void multipart(final String boundary) {
        guarded(() -> {
            reception = receiver.open(box);
            body = new MultipartBody(boundary, reception);
            read();
        });
    }

    /** The body is the file. */
    void raw(final Announcement announcement) {
        guarded(() -> {
            reception = receiver.open(box);
            if (reception.mayWaitFor(announcement)) {
                onWorker(() -> begin(announcement));
            } else {
                begin(announcement);
            }
        });
    }

    private void begin(final Announcement announcement) throws RefusedException, IOException {
        final Optional<Receipt> stored = reception.begin(announcement);
        if (stored.isPresent()) {
            close();
            desk.early().send(async, (asked, answer) -> writeReceipts(asked, answer, List.of(stored.get())));
        } else {
            body = new BodyReader.Raw(reception);
            read();
        }
    }

    private void read() throws IOException {
        if (request.getAttribute(EarlyAnswer.CONTINUE) instanceof Runnable sendContinue) {
            sendContinue.run();
        }
        in = request.getInputStream();
        in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (drain != null) {
            drain.onDataAvailable();
            return;
        }
        guarded(() -> readAvailable(desk.buffers().take(), false));
    }

    /** @param buffer is given back when there is nothing to read, or handed on to a worker that may wait */
    private void readAvailable(final byte[] buffer, final boolean mayWait) throws RefusedException, IOException {
        while (!over && in.isReady()) {
            final int count = readSome(buffer);
            if (count < 0) {
                break;
            }
            received += count;
            final ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            if (!body.accept(bytes, mayWait)) {
                handedOn = true;
                onWorker(() -> goOn(bytes));
                return;
            }
        }
        desk.buffers().giveBack(buffer);
    }

    /** On a worker, with what the container's thread left. */
    private void goOn(final ByteBuffer rest) throws RefusedException, IOException {
        handedOn = false;
        body.accept(rest, true);
        readAvailable(rest.array(), true);
        if (allRead && !over) {
            end();
        }
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
            allRead = true;
            if (!handedOn) {
                end();
            }
        });
    }

    private void end() throws RefusedException, IOException {
        final long announced = request.getContentLengthLong();
        if (announced >= 0 && received != announced) {
            throw new RefusedException(new Malformed(
                    "The body was cut off: " + announced + " bytes announced, got " + received + "."));
        }
        body.end();
        onWorker(this::commit);
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
                drain.onDataAvailable();
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
