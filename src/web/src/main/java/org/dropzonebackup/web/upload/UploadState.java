package org.dropzonebackup.web.upload;

import jakarta.servlet.ReadListener;
import java.io.IOException;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.problem.ProblemException;

/** What an {@link Upload} is doing: a method for each event, which does nothing unless a state says otherwise. */
abstract sealed class UploadState permits Upload.Reading, Upload.Waiting, UploadState.Draining, UploadState.Ended {

    /** Bytes of the body are there, or a buffer to read them into. */
    void bytesThere() throws RefusedException, IOException {
    }

    /** All of the body was read. */
    void allRead() throws RefusedException, ProblemException, IOException {
    }

    void clientGone(final Throwable fault) {
    }

    void tooSlow() {
    }

    /**
     * The upload cannot go on.
     *
     * @param how ends it
     */
    void giveUp(final Suspension.Step how) throws RefusedException, ProblemException, IOException {
    }

    /** Nothing is to be done any more. */
    static final class Ended extends UploadState {
    }

    /** The upload was refused, and the rest of its body is discarded by whoever answered. */
    static final class Draining extends UploadState {

        private final RequestEnd end;
        private final ReadListener listener;

        Draining(final RequestEnd end, final ReadListener listener) {
            this.end = end;
            this.listener = listener;
        }

        @Override
        void bytesThere() {
            try {
                if (!end.isLeftToContainer()) {
                    listener.onDataAvailable();
                }
            } catch (final IOException e) {
                listener.onError(e);
            }
        }

        @Override
        void allRead() throws IOException {
            if (!end.isLeftToContainer()) {
                listener.onAllDataRead();
            }
        }

        @Override
        void clientGone(final Throwable fault) {
            if (!end.isLeftToContainer()) {
                listener.onError(fault);
            }
        }
    }
}
