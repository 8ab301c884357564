package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.Refusal.NoFile;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;

/**
 * A body of parts (RFC 7578), some of which are files. A file is a part with a {@code filename}, even an empty one if bytes
 * come, or one without that is an attachment or of a type that no field has; every other part is a field and ignored.
 * Refused is what would be stored as something else than the file: an encoded part, a multipart in a part, a piece of a
 * file.
 */
final class MultipartBody extends FileBody {

    private static final Set<String> OF_FILES = Set.of("attachment", "file");
    private static final Set<String> OF_FIELDS = Set.of("", "application/json", "application/x-www-form-urlencoded");

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
        final Optional<ContentDisposition> disposition = disposition(headers);
        final Optional<String> filename = disposition.flatMap(ContentDisposition::filename);
        if (!isFile(headers, disposition)) {
            final Optional<String> name = disposition.flatMap(ContentDisposition::name);
            pieceFields.begin(name);
            if (sender != null) {
                sender.fields().begin(name);
            }
            return true;
        }
        if (sender != null) {
            return false;
        }
        if (mediaType(headers).startsWith("multipart/")) {
            throw malformed("A part is a multipart itself: send each file as a part of its own.");
        }
        refuseEncoded(headers);
        pending = new Announcement(
                filename.filter(name -> !name.isEmpty()), OptionalLong.empty(), DigestHeaders.ofAll(headers::all), false);
        if (!filename.equals(Optional.of(""))) {
            beginFile();
        }
        return true;
    }

    /**
     * Whether a part carries a file; every other one is a field.
     *
     * @throws RefusedException with {@link Malformed} if that cannot be told
     */
    static boolean isFile(final PartHeaders headers, final Optional<ContentDisposition> disposition) throws RefusedException {
        final String type = mediaType(headers);
        return disposition.flatMap(ContentDisposition::filename).isPresent()
                || disposition.map(ContentDisposition::type).filter(OF_FILES::contains).isPresent()
                || !type.startsWith("text/") && !OF_FIELDS.contains(type);
    }

    /**
     * @throws RefusedException with {@link Malformed} if it cannot be read
     */
    static Optional<ContentDisposition> disposition(final PartHeaders headers) throws RefusedException {
        final Optional<String> header = headers.get("content-disposition");
        return header.isPresent() ? Optional.of(ContentDisposition.parse(header.get())) : Optional.empty();
    }

    private static String mediaType(final PartHeaders headers) throws RefusedException {
        return headers.get("content-type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** RFC 7578, section 4.7, deprecates it; stored as it came, the file would be another one. */
    private static void refuseEncoded(final PartHeaders headers) throws RefusedException {
        for (final String header : List.of("content-transfer-encoding", "content-encoding")) {
            if (headers.all(header).stream().anyMatch(encoding -> !Submission.isNoEncoding(encoding))) {
                throw malformed("A part is encoded, as its " + header + " says: send the file as it is.");
            }
        }
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

    private static RefusedException malformed(final String sentence) {
        return new RefusedException(new Malformed(sentence));
    }
}
