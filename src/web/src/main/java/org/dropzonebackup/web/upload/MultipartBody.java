package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.BodyParser;
import org.dropzonebackup.core.receive.IncomingFile;
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
 * Handles a multipart body (RFC 7578): its files go to an {@link UploadTransaction}, its fields are ignored. A part without a
 * file name counts as a file only if it has content. A part that would be stored as something else than the file is refused: an
 * encoded part, a multipart in a part, a piece of a file.
 */
public final class MultipartBody extends FileBody {

    private final MultipartReader reader;
    private final PieceFields pieceFields = new PieceFields();
    private final List<String> names = new ArrayList<>();

    /** Who has to be admitted before the first file begins; null as soon as that is decided. */
    private Sender sender;
    /** The file whose part has begun and which has not, since it has no name and no content yet; else null. */
    private Announcement pending;
    /** The file whose bytes come, or null. */
    private IncomingFile file;

    /**
     * The sender of a form, who is known by the fields that precede the files.
     *
     * @param fields with the user name and the password
     * @param receiver takes the files of whoever is admitted
     * @param ofOnlyFile what the request says of the only file in it
     */
    record Sender(SenderFields fields, Receiver receiver, Announcement ofOnlyFile) {
    }

    /** The body of a sender who is known. */
    MultipartBody(final String boundary, final UploadTransaction transaction, final UploadContext.Workers workers) {
        this(boundary, (Sender) null, workers);
        open(transaction);
    }

    /** The body of a form; its sender is decided about before the first file. */
    MultipartBody(final String boundary, final Sender sender, final UploadContext.Workers workers) {
        super(workers);
        this.reader = new MultipartReader(boundary);
        this.sender = sender;
    }

    /** Only counts what has to be counted: each file is decided when its part begins. */
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
                        return Optional.of(askForSender(in, memory));
                    }
                }
                case DATA -> take(reader.data(), memory);
                case PART_END -> endPart();
                default -> {
                    // Whether the multipart is complete is asked when the request ends
                }
            }
        }
        return Optional.empty();
    }

    /**
     * @param in what came behind the headers of the first file: not copied, since many may wait for their passwords to be hashed
     */
    private Suspension askForSender(final ByteBuffer in, final Retainable memory) {
        final AtomicBoolean held = new AtomicBoolean(memory.retain());
        final Retainable restMemory = held.get() ? memory : Retainable.NEVER;
        final ByteBuffer rest = held.get() ? in.slice() : ByteBuffer.allocate(in.remaining()).put(in.duplicate()).flip();
        in.position(in.limit());
        final Suspension judged = sender.fields().judge(box -> Suspension.on(workers().admission(), () -> {
            open(sender.receiver().open(box));
            transaction().claim(sender.ofOnlyFile());
            transaction().prepare();
            sender = null;
            beginPart(reader.headers());
            accept(rest, restMemory);
        }));
        return ended -> {
            final Consumer<Throwable> released = thrown -> {
                if (held.getAndSet(false)) {
                    memory.release();
                }
                ended.accept(thrown);
            };
            try {
                judged.begin(released);
            } catch (final RuntimeException | Error e) {
                released.accept(e);
            }
        };
    }

    /** @return false if this is the first file and the sender is not known yet */
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
        file = transaction().begin(pending);
        pending = null;
    }

    private void take(final ByteBuffer data, final Retainable memory) throws RefusedException, IOException {
        if (pending != null) {
            beginFile();
        }
        if (file != null) {
            file.write(data, memory);
        } else {
            if (sender != null) {
                sender.fields().take(data);
            }
            pieceFields.take(data);
        }
    }

    private void endPart() throws RefusedException, IOException {
        if (file != null) {
            file.finish();
        } else {
            pieceFields.end();
        }
        pending = null;
        file = null;
    }

    @Override
    public void end() throws RefusedException {
        if (!isOpen() && reader.ended()) {
            throw new RefusedException(new NoFile());
        }
        reader.requireEnd();
    }

    /** A parser that finds the files in a body which was stored whole. */
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
