package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Consumer;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.web.problem.Problem;

/** Decides about the sender of a form, by the user name and the password in its fields. */
@FunctionalInterface
public interface FormLogin {

    /**
     * Decides at once, or on another thread when a password has to be hashed.
     *
     * @param user as it was typed, perhaps empty
     * @param password as it was typed, perhaps empty
     * @param admitted takes the drop box of the sender; either this or the other is called, once
     * @param refused takes the reason why the sender is refused
     */
    void judge(HttpServletRequest request, String user, String password, Consumer<DropBox> admitted,
            Consumer<Problem> refused);
}
