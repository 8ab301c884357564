package org.dropzonebackup.web.upload;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Reads a multipart body as it comes, in pieces of any size, and keeps none of it but the headers of one part.
 *
 * <p>{@link #next} consumes bytes until there is something to tell. Contents are told as slices of what was given to
 * it, so they cost no copy. Source: RFC 2046, section 5.1.1, with RFC 7578: lines end in CRLF. Not safe for threads.
 */
final class MultipartReader {

    /** What {@link #next} found. */
    enum Event {
        /** All given bytes are consumed and nothing is to be told. */
        NEED_INPUT,
        /** A part begins, {@link #headers} has its headers. */
        PART,
        /** {@link #data} has some of the part's content. */
        DATA,
        /** The part ends. */
        PART_END,
        /** The multipart ends; whatever follows is ignored. */
        END
    }

    private enum State { PREAMBLE, CONTENT, END_OF_PART, AFTER_DELIMITER, AFTER_DASH, PADDING, LINE_END, HEADERS, EPILOGUE }

    private static final int MAX_PARTS = 10_000;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_IGNORED_BYTES = 64 * 1024;
    private static final int HASHES = 4096;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final byte[] delimiter;
    /** Which pairs of bytes stand somewhere in the delimiter, and some that are taken for them. */
    private final boolean[] pairs = new boolean[HASHES];

    private State state = State.PREAMBLE;
    /** Bytes of the delimiter that the input ended with: held back until it is sure what they are. */
    private int held;
    private ByteBuffer data = NOTHING;
    private byte[] headerBytes = new byte[512];
    private int headerLength;
    private int lineStart;
    private PartHeaders headers;
    private int ignored;
    private int parts;

    /**
     * @param boundary as the {@code Content-Type} says it, without quotes
     */
    MultipartReader(final String boundary) {
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        final ByteBuffer bytes = ByteBuffer.wrap(delimiter);
        for (int i = 0; i < delimiter.length - 1; i++) {
            pairs[hash(bytes.getShort(i))] = true;
        }
        // The first delimiter needs no end of a line before it
        held = 2;
    }

    /** The headers of the part that began last. */
    PartHeaders headers() {
        return headers;
    }

    /** Content, valid until the next call of {@link #next}; not to be modified. */
    ByteBuffer data() {
        return data;
    }

    /** Whether the multipart is complete. */
    boolean ended() {
        return state == State.EPILOGUE;
    }

    /**
     * Goes on to the next event.
     *
     * @param in not to be changed as long as {@link #data} is used
     * @throws RefusedException with {@link Malformed} if this is no multipart body, or beyond the limits on parts
     */
    Event next(final ByteBuffer in) throws RefusedException {
        Event event = Event.NEED_INPUT;
        while (event == Event.NEED_INPUT && (in.hasRemaining() || state == State.END_OF_PART)) {
            event = step(in);
        }
        return event;
    }

    private Event step(final ByteBuffer in) throws RefusedException {
        switch (state) {
            case PREAMBLE -> {
                if (search(in)) {
                    state = State.AFTER_DELIMITER;
                }
                ignore(data.remaining());
            }
            case CONTENT -> {
                if (search(in)) {
                    state = State.END_OF_PART;
                }
                return data.hasRemaining() ? Event.DATA : Event.NEED_INPUT;
            }
            case END_OF_PART -> {
                state = State.AFTER_DELIMITER;
                return Event.PART_END;
            }
            case HEADERS -> {
                return takeHeaderByte(in.get()) ? Event.PART : Event.NEED_INPUT;
            }
            case EPILOGUE -> {
                ignore(in.remaining());
                in.position(in.limit());
            }
            default -> {
                return afterDelimiter(in.get());
            }
        }
        return Event.NEED_INPUT;
    }

    /** What may follow a delimiter: two dashes, or blanks and the end of the line. */
    private Event afterDelimiter(final byte b) throws RefusedException {
        if (b == '-' && state == State.AFTER_DELIMITER) {
            state = State.AFTER_DASH;
        } else if (b == '-' && state == State.AFTER_DASH) {
            state = State.EPILOGUE;
            return Event.END;
        } else if ((b == ' ' || b == '\t') && (state == State.AFTER_DELIMITER || state == State.PADDING)) {
            state = State.PADDING;
            ignore(1);
        } else if (b == '\r' && (state == State.AFTER_DELIMITER || state == State.PADDING)) {
            state = State.LINE_END;
        } else if (b == '\n' && state == State.LINE_END) {
            beginHeaders();
        } else {
            throw malformed("something else than a line end follows a boundary");
        }
        return Event.NEED_INPUT;
    }

    private void beginHeaders() throws RefusedException {
        if (++parts > MAX_PARTS) {
            throw malformed("it has more than " + MAX_PARTS + " parts; send the files in several requests");
        }
        state = State.HEADERS;
        headerLength = 0;
        lineStart = 0;
    }

    /** @return whether the headers are complete */
    private boolean takeHeaderByte(final byte b) throws RefusedException {
        if (headerLength == MAX_HEADER_BYTES) {
            throw malformed("the headers of a part have more than " + MAX_HEADER_BYTES + " bytes");
        }
        if (headerLength == headerBytes.length) {
            headerBytes = Arrays.copyOf(headerBytes, 2 * headerLength);
        }
        headerBytes[headerLength++] = b;
        if (b != '\n' || headerLength < 2 || headerBytes[headerLength - 2] != '\r') {
            return false;
        }
        final boolean emptyLine = headerLength - lineStart == 2;
        lineStart = headerLength;
        if (emptyLine) {
            headers = PartHeaders.parse(headerBytes, headerLength);
            state = State.CONTENT;
        }
        return emptyLine;
    }

    /**
     * Looks for the delimiter. What comes before it is in {@link #data} then.
     *
     * @return whether it was found; else the input is consumed or the next call goes on
     */
    private boolean search(final ByteBuffer in) {
        if (held > 0) {
            return searchOn(in);
        }
        final int from = in.position();
        final int found = find(in);
        if (found >= 0) {
            data = in.slice(from, found - from);
            in.position(found + delimiter.length);
            return true;
        }
        held = heldBack(in);
        data = in.slice(from, in.remaining() - held);
        in.position(in.limit());
        return false;
    }

    /**
     * Looks at one pair of bytes in as many as the delimiter has: one of its own is among them wherever it stands. As no
     * look depends on what the one before found, the processor takes several at once.
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
    private boolean searchOn(final ByteBuffer in) {
        while (in.hasRemaining() && held < delimiter.length && in.get(in.position()) == delimiter[held]) {
            in.get();
            held++;
        }
        final boolean found = held == delimiter.length;
        data = found || !in.hasRemaining() ? NOTHING : ByteBuffer.wrap(delimiter, 0, held);
        if (found || in.hasRemaining()) {
            held = 0;
        }
        return found;
    }

    private void ignore(final int count) throws RefusedException {
        ignored += count;
        if (ignored > MAX_IGNORED_BYTES) {
            throw malformed("more than " + MAX_IGNORED_BYTES + " bytes stand outside of its parts");
        }
    }

    private static RefusedException malformed(final String why) {
        return new RefusedException(new Malformed("This multipart body cannot be read: " + why + "."));
    }
}
