package org.dropzonebackup.web.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Searches the delimiter of a multipart body (a line end, two dashes and the boundary) in bytes that come in pieces of any size,
 * without copying them. Not safe for threads.
 */
public final class DelimiterSearch {

    private static final int HASHES = 4096;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final byte[] delimiter;
    /** The hashes of all pairs of adjacent bytes in the delimiter; a pair that is not there may have the same. */
    private final boolean[] pairs = new boolean[HASHES];
    /** How many bytes of the delimiter the input ended with: they are held back until more input decides what they are. */
    private int held;
    private ByteBuffer before = NOTHING;

    /**
     * @param boundary as the {@code Content-Type} says it, without quotes
     */
    DelimiterSearch(final String boundary) {
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        final ByteBuffer bytes = ByteBuffer.wrap(delimiter);
        for (int i = 0; i < delimiter.length - 1; i++) {
            pairs[hash(bytes.getShort(i))] = true;
        }
        // The first delimiter needs no end of a line before it
        held = 2;
    }

    /** The bytes before the delimiter that {@link #next} went over; valid until its next call, not to be modified. */
    ByteBuffer before() {
        return before;
    }

    /**
     * Goes on searching.
     *
     * @return whether it was found; else the input is consumed or the next call goes on
     */
    boolean next(final ByteBuffer in) {
        if (held > 0) {
            return goOn(in);
        }
        final int from = in.position();
        final int found = find(in);
        if (found >= 0) {
            before = in.slice(from, found - from);
            in.position(found + delimiter.length);
            return true;
        }
        held = heldBack(in);
        before = in.slice(from, in.remaining() - held);
        in.position(in.limit());
        return false;
    }

    /**
     * Looks at every nth pair of bytes, where n is the number of pairs in the delimiter: wherever it stands, one of its own is
     * among them. No look depends on the one before, so that the processor takes several at once.
     *
     * @return where the delimiter begins, or -1
     */
    private int find(final ByteBuffer in) {
        final int step = delimiter.length - 1;
        for (int at = in.position() + step - 1; at < in.limit() - 1; at += step) {
            if (pairs[hash(in.getShort(at))]) {
                for (int begin = at - step + 1; begin <= Math.min(at, in.limit() - delimiter.length); begin++) {
                    if (isAt(in, begin, delimiter.length)) {
                        return begin;
                    }
                }
            }
        }
        return -1;
    }

    /** How many bytes of the delimiter the input ends with. */
    private int heldBack(final ByteBuffer in) {
        int count = Math.min(in.remaining(), delimiter.length - 1);
        while (!isAt(in, in.limit() - count, count)) {
            count--;
        }
        return count;
    }

    private boolean isAt(final ByteBuffer in, final int begin, final int count) {
        int same = 0;
        while (same < count && in.get(begin + same) == delimiter[same]) {
            same++;
        }
        return same == count;
    }

    private static int hash(final short pair) {
        return (pair >>> 4 ^ pair) & HASHES - 1;
    }

    /**
     * Goes on with a delimiter whose beginning ended the input before. A carriage return stands nowhere in it but at
     * its start, so bytes that turn out to be content hold no other beginning.
     */
    private boolean goOn(final ByteBuffer in) {
        while (in.hasRemaining() && held < delimiter.length && in.get(in.position()) == delimiter[held]) {
            in.get();
            held++;
        }
        final boolean found = held == delimiter.length;
        before = found || !in.hasRemaining() ? NOTHING : ByteBuffer.wrap(delimiter, 0, held);
        if (found || in.hasRemaining()) {
            held = 0;
        }
        return found;
    }
}
