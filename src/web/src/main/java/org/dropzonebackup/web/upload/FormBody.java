package org.dropzonebackup.web.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.Refusal.NoFile;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * The body of the page's form: the user name and the password, then the files. It pauses before the first file, until
 * somebody has decided about the sender; from there on it is a {@link MultipartBody}.
 */
final class FormBody implements BodyHandler {

    private static final int LONGEST_FIELD = 1024;
    private static final int LONGEST_FIELDS = 64 * 1024;

    private final Login login;
    private final Receiver receiver;
    private final Executor worker;
    private final MultipartReader reader;
    private final Announcement ofOnlyFile;
    private final ByteArrayOutputStream user = new ByteArrayOutputStream();
    private final ByteArrayOutputStream password = new ByteArrayOutputStream();
    /** The field that is being read and kept, if it is one of the two. */
    private Optional<ByteArrayOutputStream> field = Optional.empty();
    private int fieldBytes;
    private final PieceFields fields = new PieceFields();
    private boolean fileBegan;
    private Optional<MultipartBody> files = Optional.empty();

    /** Decides about the sender of this form; see {@link FormLogin}. */
    @FunctionalInterface
    interface Login {
        void judge(String user, String password, Consumer<DropBox> admitted, Consumer<Problem> refused);
    }

    /**
     * @param submission what the headers of the request say
     * @param login decides about the sender; a field that was not sent before the first file is empty
     * @param receiver takes the files
     * @param worker runs what waits for the device
     */
    FormBody(final Submission submission, final Login login, final Receiver receiver, final Executor worker) {
        this.reader = new MultipartReader(submission.boundary().orElseThrow());
        this.ofOnlyFile = submission.announcement();
        this.login = login;
        this.receiver = receiver;
        this.worker = worker;
    }

    @Override
    public boolean beginsSlowly() {
        return false;
    }

    @Override
    public Optional<Receipt> begin() {
        return Optional.empty();
    }

    @Override
    public long position() {
        return files.map(MultipartBody::position).orElse(0L);
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        if (files.isPresent()) {
            return files.get().accept(in, memory);
        }
        MultipartReader.Event event = reader.next(in);
        while (event != MultipartReader.Event.NEED_INPUT) {
            switch (event) {
                case PART -> beginPart(reader.headers());
                case DATA -> take(reader.data());
                default -> {
                    field = Optional.empty();
                    fields.end();
                }
            }
            event = fileBegan ? MultipartReader.Event.NEED_INPUT : reader.next(in);
        }
        return fileBegan ? Optional.of(askForSender(ByteBuffer.allocate(in.remaining()).put(in).flip())) : Optional.empty();
    }

    /**
     * @param rest what came behind the headers of the first file
     */
    private Suspension askForSender(final ByteBuffer rest) {
        return goOn -> login.judge(user.toString(StandardCharsets.UTF_8), password.toString(StandardCharsets.UTF_8),
                box -> Suspension.on(worker, () -> beginFiles(box, rest)).begin(goOn),
                problem -> goOn.accept(() -> {
                    throw new ProblemException(problem);
                }));
    }

    private void beginFiles(final DropBox box, final ByteBuffer rest) throws RefusedException, IOException {
        final MultipartBody body = new MultipartBody(reader, receiver.open(box));
        body.reception().claim(ofOnlyFile);
        files = Optional.of(body);
        body.begin();
        body.beginPart(reader.headers());
        body.accept(rest, Retainable.NEVER);
    }

    private void beginPart(final PartHeaders headers) throws RefusedException {
        final Optional<ContentDisposition> disposition = MultipartBody.disposition(headers);
        if (MultipartBody.isFile(headers, disposition)) {
            fileBegan = true;
            return;
        }
        fields.begin(disposition.flatMap(ContentDisposition::name));
        field = switch (disposition.flatMap(ContentDisposition::name).orElse("")) {
            case "username" -> Optional.of(user);
            case "password" -> Optional.of(password);
            default -> Optional.empty();
        };
    }

    private void take(final ByteBuffer data) throws RefusedException {
        fieldBytes += data.remaining();
        if (fieldBytes > LONGEST_FIELDS
                || field.isPresent() && field.get().size() + data.remaining() > LONGEST_FIELD) {
            throw new RefusedException(new Malformed("A field of this form is too long."));
        }
        field.ifPresent(kept -> {
            while (data.hasRemaining()) {
                kept.write(data.get());
            }
        });
        fields.take(data);
    }

    @Override
    public void end() throws RefusedException {
        if (files.isEmpty() && reader.ended()) {
            throw new RefusedException(new NoFile());
        }
        reader.requireEnd();
    }

    @Override
    public boolean readsBack() {
        return files.isPresent() && files.get().readsBack();
    }

    @Override
    public boolean readBack() throws IOException {
        return files.orElseThrow().readBack();
    }

    @Override
    public List<Receipt> commit() throws RefusedException, IOException {
        return files.orElseThrow().commit();
    }

    @Override
    public List<String> names() {
        return files.map(MultipartBody::names).orElse(List.of());
    }

    @Override
    public void close() throws IOException {
        if (files.isPresent()) {
            files.get().close();
        }
    }
}
