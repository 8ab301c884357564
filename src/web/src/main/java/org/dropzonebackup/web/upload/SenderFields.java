package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Headers;
import org.dropzonebackup.web.problem.ProblemException;

/** The user name and the password in the fields that precede the first file of the page's form. Not safe for threads. */
final class SenderFields {

    private static final int LONGEST_FIELD = 1024;
    private static final int LONGEST_FIELDS = 64 * 1024;

    private final HttpServletRequest request;
    private final FormLogin login;
    private final ByteArrayOutputStream user = new ByteArrayOutputStream();
    private final ByteArrayOutputStream password = new ByteArrayOutputStream();
    /** The field that is being read, if it is one of the two. */
    private Optional<ByteArrayOutputStream> field = Optional.empty();
    private int bytes;

    SenderFields(final HttpServletRequest request, final FormLogin login) {
        this.request = request;
        this.login = login;
    }

    /** Begins a field. */
    void begin(final Optional<String> name) {
        field = switch (name.orElse("")) {
            case "username" -> Optional.of(user);
            case "password" -> Optional.of(password);
            default -> Optional.empty();
        };
    }

    /**
     * Takes more of the field's value, and consumes nothing of it.
     *
     * @throws RefusedException with {@link Malformed} if the field, or all of them together, are too long
     */
    void take(final ByteBuffer data) throws RefusedException {
        bytes += data.remaining();
        if (bytes > LONGEST_FIELDS || field.isPresent() && field.get().size() + data.remaining() > LONGEST_FIELD) {
            throw Headers.malformed("A field of this form is too long.");
        }
        field.ifPresent(kept -> {
            final byte[] more = new byte[data.remaining()];
            data.duplicate().get(more);
            kept.writeBytes(more);
        });
    }

    /**
     * Decides about the sender.
     *
     * @param admitted makes of the sender's drop box what is done next
     */
    Suspension judge(final Function<DropBox, Suspension> admitted) {
        return ended -> login.judge(request, user.toString(StandardCharsets.UTF_8), password.toString(StandardCharsets.UTF_8),
                box -> admitted.apply(box).begin(ended), problem -> ended.accept(new ProblemException(problem)));
    }
}
