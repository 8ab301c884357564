package org.dropzonebackup.web.multipart;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.Headers;

/**
 * An incremental parser of multipart bodies. Input comes in pieces of any size; nothing of it is kept but the headers of one part.
 *
 * <p>{@link #next} consumes bytes until there is an event. Contents are slices of the input, without a copy. Source: RFC 2046,
 * section 5.1.1, with RFC 7578: lines end in CRLF. Not safe for threads.
 */
public final class MultipartReader {

    /** What {@link #next} found. */
    public enum Event {
        /** All input is consumed. */
        NEED_INPUT,
        /** A part begins; {@link #headers} has its headers. */
        PART,
        /** Some of the part's content is in {@link #data}. */
        DATA,
        /** The part ends. */
        PART_END,
        /** The multipart ends; whatever follows is ignored, unless it is another part. */
        END
    }

    private enum State { PREAMBLE, CONTENT, END_OF_PART, AFTER_DELIMITER, AFTER_DASH, PADDING, LINE_END, HEADERS, EPILOGUE }

    private static final int MAX_PARTS = 10_000;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_IGNORED_BYTES = 64 * 1024;
    private static final String NO_BOUNDARY =
            "no line of it is two dashes and the boundary that its Content-Type names, with CR and LF at its end";
    private static final String OPEN = "its last boundary opens a part: the one that closes the body ends in two dashes";

    private final DelimiterSearch search;
    private final MultipartTail tail;

    private State state = State.PREAMBLE;
    private byte[] headerBytes = new byte[512];
    private int headerLength;
    private int lineStart;
    /** Whether a line of the headers ends in LF alone. */
    private boolean bareLineFeed;
    private PartHeaders headers;
    private int ignored;
    private int parts;
    private boolean ended;

    /**
     * @param boundary as the {@code Content-Type} says it, without quotes
     */
    public MultipartReader(final String boundary) {
        search = new DelimiterSearch(boundary);
        tail = new MultipartTail(boundary);
    }

    /** The headers of the part that began last. */
    public PartHeaders headers() {
        return headers;
    }

    /** Content, valid until the next call of {@link #next}; not to be modified. */
    public ByteBuffer data() {
        return search.before();
    }

    /** Whether the multipart is complete. */
    public boolean ended() {
        return ended;
    }

    /**
     * Ends the input.
     *
     * @throws RefusedException with {@link Malformed} if the multipart is not complete; it says what is wrong
     */
    public void requireEnd() throws RefusedException {
        if (ended) {
            return;
        }
        throw malformed(switch (state) {
            case PREAMBLE -> NO_BOUNDARY;
            case CONTENT, END_OF_PART -> tail.fault();
            case HEADERS -> headerLength == 0 ? OPEN : headerFault("it was cut off in the headers of a part");
            default -> OPEN;
        });
    }

    /**
     * Goes on to the next event.
     *
     * @param in not to be changed as long as {@link #data} is used
     * @throws RefusedException with {@link Malformed} if this is no multipart body, or beyond the limits on parts
     */
    public Event next(final ByteBuffer in) throws RefusedException {
        Event event = Event.NEED_INPUT;
        while (event == Event.NEED_INPUT && (in.hasRemaining() || state == State.END_OF_PART)) {
            event = step(in);
        }
        return event;
    }

    private Event step(final ByteBuffer in) throws RefusedException {
        switch (state) {
            case PREAMBLE, EPILOGUE -> {
                if (search.next(in)) {
                    state = State.AFTER_DELIMITER;
                }
                ignore(data().remaining());
            }
            case CONTENT -> {
                if (search.next(in)) {
                    state = State.END_OF_PART;
                }
                tail.add(data());
                return data().hasRemaining() ? Event.DATA : Event.NEED_INPUT;
            }
            case END_OF_PART -> {
                state = State.AFTER_DELIMITER;
                return Event.PART_END;
            }
            case HEADERS -> {
                return takeHeaderByte(in.get()) ? Event.PART : Event.NEED_INPUT;
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
            if (!ended) {
                ended = true;
                return Event.END;
            }
            ignore(1);
        } else if ((b == ' ' || b == '\t') && (state == State.AFTER_DELIMITER || state == State.PADDING)) {
            state = State.PADDING;
            ignore(1);
        } else if (b == '\r' && (state == State.AFTER_DELIMITER || state == State.PADDING)) {
            state = State.LINE_END;
        } else if (b == '\n' && state == State.LINE_END) {
            beginHeaders();
        } else if (ended) {
            state = State.EPILOGUE;
            ignore(1);
        } else {
            throw malformed(b == '\n' ? MultipartTail.LINE_FEEDS
                    : "a boundary is followed by neither a line end (CR and LF) nor two dashes");
        }
        return Event.NEED_INPUT;
    }

    private void beginHeaders() throws RefusedException {
        if (ended) {
            throw malformed("a part follows the boundary that closes it");
        }
        if (++parts > MAX_PARTS) {
            throw malformed("it has more than " + MAX_PARTS + " parts; send the files in several requests");
        }
        state = State.HEADERS;
        headerLength = 0;
        bareLineFeed = false;
        lineStart = 0;
    }

    /** @return whether the headers are complete */
    private boolean takeHeaderByte(final byte b) throws RefusedException {
        if (headerLength == MAX_HEADER_BYTES) {
            throw malformed(headerFault("the headers of a part have more than " + MAX_HEADER_BYTES + " bytes"));
        }
        if (headerLength == headerBytes.length) {
            headerBytes = Arrays.copyOf(headerBytes, 2 * headerLength);
        }
        headerBytes[headerLength++] = b;
        if (b != '\n' || headerLength < 2 || headerBytes[headerLength - 2] != '\r') {
            bareLineFeed |= b == '\n';
            return false;
        }
        final boolean emptyLine = headerLength - lineStart == 2;
        lineStart = headerLength;
        if (emptyLine) {
            headers = PartHeaders.parse(headerBytes, headerLength);
            state = State.CONTENT;
            tail.begin();
        }
        return emptyLine;
    }

    private String headerFault(final String otherwise) {
        return bareLineFeed ? MultipartTail.LINE_FEEDS : otherwise;
    }

    private void ignore(final int count) throws RefusedException {
        ignored += count;
        if (ignored > MAX_IGNORED_BYTES) {
            throw malformed(parts == 0 ? NO_BOUNDARY + ", within " + MAX_IGNORED_BYTES + " bytes"
                    : "more than " + MAX_IGNORED_BYTES + " bytes stand outside of its parts");
        }
    }

    private static RefusedException malformed(final String why) {
        return Headers.malformed("This multipart body cannot be read: " + why + ".");
    }
}
