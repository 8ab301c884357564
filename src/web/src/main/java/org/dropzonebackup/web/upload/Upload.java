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
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.Reception;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/**
 * One request's way from the socket to its answer. The container calls when bytes are there, and no thread waits for
 * them meanwhile; what waits for the device runs on a worker. Each call holds this object's lock, so that a client that
 * goes away, or a server that stops, meets no upload in the middle of a step.
 */
public final class Upload implements ReadListener {

    private static final System.Logger LOG = System.getLogger(Upload.class.getName());

    private final AsyncContext async;
    private final HttpServletRequest request;
    private final Receiver receiver;
    private final UploadDesk desk;
    private final Answer answer;

    private Reception reception;
    private BodyReader body;
    private ServletInputStream in;
    private long received;
    private boolean over;
    /** While it is not known who sends a form: what was read of the files already. Nothing more is read meanwhile. */
    private ByteBuffer waiting;
    private boolean allRead;
    /** After a refusal in the middle of the body: what goes on reading it. */
    private volatile ReadListener drain;

    Upload(final AsyncContext async, final Receiver receiver, final UploadDesk desk, final Answer answer) {
        this.async = async;
        this.request = (HttpServletRequest) async.getRequest();
        this.receiver = receiver;
        this.desk = desk;
        this.answer = answer;
        desk.underWay().add(this);
    }

    /** The page's form: who sends it stands in the body too. */
    void form(final FormBody form, final FormLogin login) {
        guarded(() -> {
            body = new BodyReader() {
                @Override
                public void accept(final ByteBuffer bytes) throws RefusedException, IOException {
                    form.accept(bytes);
                    if (form.waiting()) {
                        waiting = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                        login.judge(request, form.user(), form.password(),
                                box -> onWorker(() -> admit(form, box)), problem -> onWorker(() -> refuse(problem)));
                    }
                }

                @Override
                public void end() throws RefusedException {
                    form.end();
                }
            };
            read();
        });
    }

    private void admit(final FormBody form, final DropBox box) throws RefusedException, IOException {
        final ByteBuffer held = waiting;
        waiting = null;
        reception = receiver.open(box);
        form.admit(reception);
        form.accept(held);
        if (allRead) {
            end();
        } else {
            readOn();
        }
    }

    /** A form's body: each file is decided when its part begins. */
    void multipart(final DropBox box, final String boundary) {
        guarded(() -> {
            reception = receiver.open(box);
            body = new MultipartBody(boundary, reception);
            read();
        });
    }

    /** The body is the file. With a digest, a stored file may have to be read first: not on the container's thread. */
    void raw(final DropBox box, final Announcement announcement) {
        final Step begin = () -> {
            reception = receiver.open(box);
            final Optional<Receipt> stored = reception.begin(announcement);
            if (stored.isPresent()) {
                close();
                answer.storedBefore(stored.get());
                return;
            }
            body = new BodyReader.Raw(reception);
            read();
        };
        if (announcement.digests().isEmpty()) {
            guarded(begin);
        } else {
            onWorker(begin);
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
        if (drain == null) {
            guarded(this::readOn);
        } else {
            drain.onDataAvailable();
        }
    }

    private void readOn() throws RefusedException, IOException {
        final byte[] buffer = desk.buffers().take();
        try {
            readAvailable(buffer);
        } finally {
            desk.buffers().giveBack(buffer);
        }
    }

    private void readAvailable(final byte[] buffer) throws RefusedException, IOException {
        while (!over && waiting == null && in.isReady()) {
            final int count = readSome(buffer);
            if (count < 0) {
                return;
            }
            received += count;
            body.accept(ByteBuffer.wrap(buffer, 0, count));
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
            if (waiting == null) {
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
        answer.stored(receipts);
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
            refuse(Problem.of(e.refusal()));
        } catch (final IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "an upload failed", e);
            refuse(Problem.failure());
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

    private void refuse(final Problem problem) {
        final boolean reading = in != null;
        close();
        try {
            if (!reading) {
                answer.refusedUnread(problem);
            } else if (in.isFinished()) {
                answer.refused(problem);
            } else {
                drain = answer.refusedWhileReading(problem);
                drain.onDataAvailable();
            }
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "a refused client went away", e);
            async.complete();
        }
    }
}
