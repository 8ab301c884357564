package org.dropzonebackup.web.resumable;

import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.pieces.Piece;

/**
 * The end of a piece by the draft: an upload is complete when its client says so.
 *
 * @param complete whether the client says so
 * @param refused is run if the complete upload is refused
 */
record DraftEnding(boolean complete, Runnable refused) implements Piece.Ending {

    @Override
    public boolean isLast(final Append append) throws RefusedException {
        if (complete && append.length().orElse(append.offset()) != append.offset()) {
            throw new RefusedException(new LengthChanged(append.length().getAsLong(), append.offset()));
        }
        return complete;
    }

    /** The draft has the server mark such an upload invalid. */
    @Override
    public boolean endsWithTooMuch() {
        return true;
    }

    @Override
    public void refusedForGood() {
        refused.run();
    }
}
