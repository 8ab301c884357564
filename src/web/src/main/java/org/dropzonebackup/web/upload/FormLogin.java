package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Consumer;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.web.problem.Problem;

/** Tells where the files of a form go, by what its fields say of the sender. */
@FunctionalInterface
public interface FormLogin {

    /**
     * Decides at once, or on another thread when a password has to be hashed.
     *
     * @param user as it was typed, perhaps empty
     * @param password as it was typed, perhaps empty
     * @param admitted told where the files go; either this or the other is called, once
     * @param refused told why they go nowhere
     */
    void judge(HttpServletRequest request, String user, String password, Consumer<DropBox> admitted,
            Consumer<Problem> refused);
}
