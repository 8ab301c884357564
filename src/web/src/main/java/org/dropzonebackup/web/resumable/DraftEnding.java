package org.dropzonebackup.web.resumable;

import org.dropzonebackup.core.receive.Append;
import org.dropzonebackup.core.refusal.Refusal.LengthChanged;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.pieces.Piece;

/**
 * An upload is complete when its client says so.
 *
 * @param complete whether it says so
 * @param refused run if all came and is refused nevertheless
 */
record DraftEnding(boolean complete, Runnable refused) implements Piece.Ending {

    @Override
    public boolean isLast(final Append append) throws RefusedException {
        if (complete && append.length().orElse(append.offset()) != append.offset()) {
            throw new RefusedException(new LengthChanged(append.length().getAsLong(), append.offset()));
        }
        return complete;
    }

    /** The draft has a server mark it invalid. */
    @Override
    public boolean endsWithTooMuch() {
        return true;
    }

    @Override
    public void refusedForGood() {
        refused.run();
    }
}
