package org.dropzonebackup.web.pieces;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.web.headers.Submission;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.ProblemException;

/**
 * What a request says of the piece that it carries.
 *
 * @param size bytes, if they are known
 * @param whole bytes of the whole upload, if they are known
 * @param checksum of the piece, if there is one
 */
public record PieceContent(OptionalLong size, OptionalLong whole, Optional<Checksum> checksum) {

    /** The piece of a request that carries nothing. */
    static final PieceContent NOTHING = new PieceContent(OptionalLong.of(0), OptionalLong.empty(), Optional.empty());

    /**
     * The size of a request's body, if its headers say it.
     *
     * @throws ProblemException if the body is encoded
     */
    public static OptionalLong sizeOf(final HttpServletRequest request) throws ProblemException {
        Submission.refuseEncoded(request);
        final long length = request.getContentLengthLong();
        return length < 0 && EarlyAnswer.hasBody(request) ? OptionalLong.empty() : OptionalLong.of(Math.max(0, length));
    }
}
