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
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;

/**
 * The files among the parts of a form (RFC 7578). A file is a part with a {@code filename}, even an empty one if bytes
 * come, or one without that is an attachment or of a type that no field has; every other part is a field and ignored.
 * Refused is what would be stored as something else than the file: an encoded part, a multipart in a part, a piece of a
 * file.
 */
final class MultipartBody implements FileIntake {

    private static final Set<String> OF_FILES = Set.of("attachment", "file");
    private static final Set<String> OF_FIELDS = Set.of("", "application/json", "application/x-www-form-urlencoded");

    private final MultipartReader reader;
    private final UploadTransaction reception;
    private final List<String> names = new ArrayList<>();

    /** The file that is announced and not begun: one without a name counts only if bytes come. */
    private Announcement pending;
    private boolean inFile;
    private final PieceFields fields = new PieceFields();

    /**
     * @param ofOnlyFile what the request says of the only file in it
     */
    MultipartBody(final String boundary, final UploadTransaction reception, final Announcement ofOnlyFile) {
        this(new MultipartReader(boundary), reception);
        reception.claim(ofOnlyFile);
    }

    /**
     * @param reader perhaps in the middle of a body, but not of a part
     */
    MultipartBody(final MultipartReader reader, final UploadTransaction reception) {
        this.reader = reader;
        this.reception = reception;
    }

    @Override
    public UploadTransaction reception() {
        return reception;
    }

    @Override
    public boolean beginsSlowly() {
        return reception.needsPreparation();
    }

    /** Each file is decided when its part begins. */
    @Override
    public Optional<Receipt> begin() throws IOException {
        reception.prepare();
        return Optional.empty();
    }

    @Override
    public List<String> names() {
        return names;
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

    @Override
    public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) throws RefusedException, IOException {
        MultipartReader.Event event = reader.next(in);
        while (event != MultipartReader.Event.NEED_INPUT) {
            switch (event) {
                case PART -> beginPart(reader.headers());
                case DATA -> take(reader.data(), memory);
                case PART_END -> endPart();
                default -> {
                    // Whether the end came is asked when the request ends
                }
            }
            event = reader.next(in);
        }
        return Optional.empty();
    }

    void beginPart(final PartHeaders headers) throws RefusedException, IOException {
        final Optional<ContentDisposition> disposition = disposition(headers);
        final Optional<String> filename = disposition.flatMap(ContentDisposition::filename);
        if (mediaType(headers).startsWith("multipart/")) {
            throw malformed("A part is a multipart itself: send each file as a part of its own.");
        }
        if (isFile(headers, disposition)) {
            refuseEncoded(headers);
            pending = new Announcement(
                    filename.filter(name -> !name.isEmpty()), OptionalLong.empty(), DigestHeaders.ofAll(headers::all), false);
            if (!filename.equals(Optional.of(""))) {
                beginFile();
            }
        } else {
            fields.begin(disposition.flatMap(ContentDisposition::name));
        }
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
        reception.begin(pending);
        pending = null;
        inFile = true;
    }

    private void take(final ByteBuffer data, final Retainable memory) throws RefusedException, IOException {
        if (pending != null) {
            beginFile();
        }
        if (inFile) {
            reception.write(data, memory);
        } else {
            fields.take(data);
        }
    }

    private void endPart() throws RefusedException, IOException {
        if (inFile) {
            reception.finish();
        } else {
            fields.end();
        }
        pending = null;
        inFile = false;
    }

    @Override
    public void end() throws RefusedException {
        reader.requireEnd();
    }

    private static RefusedException malformed(final String sentence) {
        return new RefusedException(new Malformed(sentence));
    }
}
