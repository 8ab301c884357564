package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.BodyParser;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.Refusal.NoFile;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.headers.ContentDisposition;
import org.dropzonebackup.web.headers.DigestHeaders;
import org.dropzonebackup.web.headers.PieceFields;
import org.dropzonebackup.web.multipart.MultipartReader;
import org.dropzonebackup.web.multipart.PartHeaders;

/**
 * A body of parts (RFC 7578), some of which are files. A file is a part with a {@code filename}, even an empty one if bytes
 * come, or one without that is an attachment or of a type that no field has; every other part is a field and ignored.
 * Refused is what would be stored as something else than the file: an encoded part, a multipart in a part, a piece of a
 * file.
 */
public final class MultipartBody extends FileBody {

    private final MultipartReader reader;
    private final PieceFields pieceFields = new PieceFields();
    private final List<String> names = new ArrayList<>();

    /** What has to be known before the first file begins; null as soon as it is. */
    private Sender sender;
    /** The file that is announced and not begun: one without a name counts only if bytes come. */
    private Announcement pending;
    private boolean inFile;

    /**
     * A sender of files who is known by the fields that precede them.
     *
     * @param fields with the user name and the password
     * @param receiver takes the files of whoever is admitted
     * @param ofOnlyFile what the request says of the only file in it
     */
    record Sender(SenderFields fields, Receiver receiver, Announcement ofOnlyFile) {
    }

    /** A body of a sender who is known. */
    MultipartBody(final String boundary, final UploadTransaction transaction, final UploadContext.Workers workers) {
        this(boundary, (Sender) null, workers);
        open(transaction);
    }

    /** The body of a form whose sender is decided about before its first file. */
    MultipartBody(final String boundary, final Sender sender, final UploadContext.Workers workers) {
        super(workers);
        this.reader = new MultipartReader(boundary);
        this.sender = sender;
    }

    /** Each file is decided when its part begins. */
    @Override
    public Suspension begin() {
        return isOpen() ? attempts(transaction().needsPreparation(), workers().admission(), () -> {
            transaction().prepare();
            return List.of();
        }) : Suspension.NONE;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        for (MultipartReader.Event event = reader.next(in); event != MultipartReader.Event.NEED_INPUT; event = reader.next(in)) {
            switch (event) {
                case PART -> {
                    if (!beginPart(reader.headers())) {
                        return Optional.of(askForSender(ByteBuffer.allocate(in.remaining()).put(in).flip()));
                    }
                }
                case DATA -> take(reader.data(), memory);
                case PART_END -> endPart();
                default -> {
                    // Whether the end came is asked when the request ends
                }
            }
        }
        return Optional.empty();
    }

    /**
     * @param rest what came behind the headers of the first file
     */
    private Suspension askForSender(final ByteBuffer rest) {
        return sender.fields().judge(box -> Suspension.on(workers().admission(), () -> {
            open(sender.receiver().open(box));
            transaction().claim(sender.ofOnlyFile());
            transaction().prepare();
            sender = null;
            beginPart(reader.headers());
            accept(rest, Retainable.NEVER);
        }));
    }

    /** @return whether it has begun; else it is the first file, and its sender has to be known before */
    private boolean beginPart(final PartHeaders headers) throws RefusedException, IOException {
        if (!headers.isFile()) {
            final Optional<String> name = headers.disposition().flatMap(ContentDisposition::name);
            pieceFields.begin(name);
            if (sender != null) {
                sender.fields().begin(name);
            }
            return true;
        }
        if (sender != null) {
            return false;
        }
        headers.requirePlainFile();
        final Optional<String> filename = headers.disposition().flatMap(ContentDisposition::filename);
        pending = new Announcement(
                filename.filter(name -> !name.isEmpty()), OptionalLong.empty(), DigestHeaders.ofAll(headers::all), false);
        if (!filename.equals(Optional.of(""))) {
            beginFile();
        }
        return true;
    }

    private void beginFile() throws RefusedException, IOException {
        names.add(pending.submittedName().orElse(""));
        transaction().begin(pending);
        pending = null;
        inFile = true;
    }

    private void take(final ByteBuffer data, final Retainable memory) throws RefusedException, IOException {
        if (pending != null) {
            beginFile();
        }
        if (inFile) {
            transaction().write(data, memory);
        } else {
            if (sender != null) {
                sender.fields().take(data);
            }
            pieceFields.take(data);
        }
    }

    private void endPart() throws RefusedException, IOException {
        if (inFile) {
            transaction().finish();
        } else {
            pieceFields.end();
        }
        pending = null;
        inFile = false;
    }

    @Override
    public void end() throws RefusedException {
        if (!isOpen() && reader.ended()) {
            throw new RefusedException(new NoFile());
        }
        reader.requireEnd();
    }

    /** What finds the files in a body that is complete. */
    public static BodyParser parser(final String boundary, final UploadTransaction transaction) {
        final MultipartBody body = new MultipartBody(boundary, transaction, UploadContext.Workers.DIRECT);
        return new BodyParser() {
            @Override
            public void accept(final ByteBuffer bytes) throws RefusedException, IOException {
                body.accept(bytes, Retainable.NEVER);
            }

            @Override
            public void end() throws RefusedException {
                body.end();
            }
        };
    }
}
