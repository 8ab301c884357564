package org.dropzonebackup.web.resumable;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.DigestHeaders;
import org.dropzonebackup.web.pieces.Checksum;
import org.dropzonebackup.web.pieces.PieceContent;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.dropzonebackup.web.upload.Upload;

/** Reads what the headers of a request say of the piece that it carries. */
final class PieceHeaders {

    private static final Problem MISMATCH = new Problem(422, "The content of this request does not match the digest that was sent with it:"
            + " it was damaged on the way, and nothing of it was kept. Send it again.", Map.of());

    private PieceHeaders() {
    }

    /**
     * @param offset where the piece begins
     * @param complete whether it is the last one
     * @throws RefusedException if one header contradicts another, or cannot be read
     * @throws ProblemException if the piece is encoded
     */
    static PieceContent read(final HttpServletRequest request, final long offset, final boolean complete)
            throws RefusedException, ProblemException {
        final OptionalLong size = PieceContent.sizeOf(request);
        OptionalLong whole = StructuredFields.size(request, "Upload-Length");
        if (complete && size.isPresent()) {
            final long end = offset + size.getAsLong();
            if (whole.orElse(end) != end) {
                throw new RefusedException(new LengthChanged(whole.getAsLong(), end));
            }
            whole = OptionalLong.of(end);
        }
        return new PieceContent(size, whole, checksum(request));
    }

    private static Optional<Checksum> checksum(final HttpServletRequest request) throws RefusedException {
        final Map<DigestAlgorithm, byte[]> digests = DigestHeaders.ofPiece(request);
        return digests.isEmpty() ? Optional.empty() : Optional.of(new Checksum(digests, MISMATCH));
    }
}
