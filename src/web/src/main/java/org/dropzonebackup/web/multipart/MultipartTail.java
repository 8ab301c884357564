package org.dropzonebackup.web.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The last bytes of a part's content. If a body ends without its closing boundary, they tell what is wrong: perhaps the boundary
 * is there, and is not written as it should be. Not safe for threads.
 */
public final class MultipartTail {

    /** What is wrong with a body whose lines end in LF. */
    static final String LINE_FEEDS = "its lines end in LF alone, and have to end in CR and LF";
    private static final int BEHIND_BOUNDARY = 16;

    private final String boundary;
    private final byte[] bytes;
    private int length;

    MultipartTail(final String boundary) {
        this.boundary = boundary;
        this.bytes = new byte[boundary.length() + BEHIND_BOUNDARY];
    }

    /** Begins a part. */
    void begin() {
        length = 0;
    }

    /** Takes more of its content, and consumes nothing of it. */
    void add(final ByteBuffer data) {
        final int count = Math.min(bytes.length, data.remaining());
        final int kept = Math.min(length, bytes.length - count);
        System.arraycopy(bytes, length - kept, bytes, 0, kept);
        data.get(data.limit() - count, bytes, kept, count);
        length = kept + count;
    }

    /** What is wrong with a body that ends here. */
    String fault() {
        final String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        if (text.contains("\n--" + boundary)) {
            return LINE_FEEDS;
        }
        return text.contains(boundary)
                ? "the line that should close it is not two dashes, the boundary that its Content-Type names, and two dashes"
                : "it was cut off: its closing boundary is missing";
    }
}
