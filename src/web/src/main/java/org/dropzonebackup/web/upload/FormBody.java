package org.dropzonebackup.web.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.receive.Reception;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.Refusal.NoFile;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * The body of the page's form: the user name and the password, then the files. It stops before the first file, until
 * somebody has decided about the sender; from there on it is a {@link MultipartBody}.
 */
final class FormBody implements BodyReader {

    private static final int LONGEST_FIELD = 1024;
    private static final int LONGEST_FIELDS = 64 * 1024;

    private final MultipartReader reader;
    private final ByteArrayOutputStream user = new ByteArrayOutputStream();
    private final ByteArrayOutputStream password = new ByteArrayOutputStream();
    /** The field that is being read and kept, if it is one of the two. */
    private Optional<ByteArrayOutputStream> field = Optional.empty();
    private int fieldBytes;
    private boolean waiting;
    private Optional<MultipartBody> files = Optional.empty();

    FormBody(final String boundary) {
        reader = new MultipartReader(boundary);
    }

    /** Whether the first file has come, and what follows has to wait for {@link #admit}. */
    boolean waiting() {
        return waiting;
    }

    /** Empty if it was not sent before the first file. */
    String user() {
        return user.toString(StandardCharsets.UTF_8);
    }

    /** Empty if it was not sent before the first file. */
    String password() {
        return password.toString(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> names() {
        return files.map(MultipartBody::names).orElse(List.of());
    }

    /**
     * Goes on with the first file.
     *
     * @param reception where the files go
     * @throws RefusedException if the file is refused
     * @throws IOException if the store fails
     */
    void admit(final Reception reception) throws RefusedException, IOException {
        waiting = false;
        files = Optional.of(new MultipartBody(reader, reception));
        files.get().beginPart(reader.headers());
    }

    /** Leaves what follows the beginning of the first file. */
    @Override
    public void accept(final ByteBuffer in) throws RefusedException, IOException {
        if (files.isPresent()) {
            files.get().accept(in);
            return;
        }
        MultipartReader.Event event = reader.next(in);
        while (event != MultipartReader.Event.NEED_INPUT) {
            switch (event) {
                case PART -> beginPart(reader.headers());
                case DATA -> take(reader.data());
                default -> field = Optional.empty();
            }
            event = waiting ? MultipartReader.Event.NEED_INPUT : reader.next(in);
        }
    }

    private void beginPart(final PartHeaders headers) {
        final Optional<ContentDisposition> disposition =
                headers.get("content-disposition").map(ContentDisposition::parse);
        if (MultipartBody.isFile(headers, disposition)) {
            waiting = true;
            return;
        }
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
        field.ifPresent(kept -> kept.write(data.array(), data.arrayOffset() + data.position(), data.remaining()));
    }

    @Override
    public void end() throws RefusedException {
        if (files.isEmpty() && reader.ended()) {
            throw new RefusedException(new NoFile());
        }
        MultipartBody.requireEnd(reader);
    }
}
