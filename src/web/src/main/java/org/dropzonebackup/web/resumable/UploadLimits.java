package org.dropzonebackup.web.resumable;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.web.upload.Upload;

/**
 * The limits of uploads, told by {@code Upload-Limit}: the size of a file, and the time within which more has to come.
 *
 * @param maxSize bytes that a file may have
 * @param maxAge how long an upload resource lives after the last byte came
 * @param clock tells how much is left of that
 */
public record UploadLimits(long maxSize, Duration maxAge, Clock clock) {

    /** The media type of a piece. */
    static final String PIECE = "application/partial-upload";

    private static final String HEADER = "Upload-Limit";
    /** The largest integer that a structured field can hold. */
    private static final long LARGEST = 999_999_999_999_999L;

    /** Tells the limits of uploads that begin. */
    void tell(final HttpServletResponse response) {
        tell(response, true, maxAge);
    }

    /** Tells the limits of an upload resource. A body that carries files may be larger than each of them. */
    void tell(final HttpServletResponse response, final UploadResource upload) {
        tell(response, !upload.body(), Duration.between(clock.instant(), upload.expires()));
    }

    private void tell(final HttpServletResponse response, final boolean sized, final Duration age) {
        response.setHeader(HEADER, (sized ? "max-size=" + Math.min(maxSize, LARGEST) + ", " : "")
                + "max-age=" + Math.max(0, age.toSeconds()));
    }
}
