package org.dropzonebackup.core.journal;

import org.json.JSONException;
import org.json.JSONObject;

/**
 * A place between two lines of a chain, from which it can be read on and verified. Immutable.
 *
 * @param chain its number
 * @param segment by the number of its first line
 * @param offset in the segment, in bytes
 * @param seq the number of the next line
 * @param head the hash of the line before
 */
public record Position(int chain, long segment, long offset, long seq, String head) {

    /** The beginning of a chain. */
    public static Position start(final int chain) {
        return new Position(chain, 1, 0, 1, Line.NONE);
    }

    /** As JSON, for {@link #of}. */
    public JSONObject toJson() {
        return new JSONObject().put("chain", chain).put("segment", segment).put("offset", offset).put("seq", seq).put("head", head);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws JSONException if it is none
     */
    public static Position of(final JSONObject json) {
        return new Position(json.getInt("chain"), json.getLong("segment"), json.getLong("offset"), json.getLong("seq"),
                json.getString("head"));
    }

    Position after(final Line line, final long end) {
        return new Position(chain, segment, end, line.seq() + 1, line.hash());
    }

    Position inNextSegment() {
        return new Position(chain, seq, 0, seq, head);
    }
}
