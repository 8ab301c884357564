package org.dropzonebackup.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** The lines of a segment from an offset on, as bytes without their ends. Belongs to one thread. */
final class SegmentLines implements Closeable {

    /** No line has more bytes; what has no end until there is damage. */
    static final int LONGEST = 1 << 20;
    private static final int FOR_ONE = 1 << 10;
    private static final int FOR_MANY = 1 << 16;

    private final Path segment;
    private final FileChannel channel;
    private byte[] buffer;
    /** Where the next line begins: in the file, and in the buffer. */
    private long offset;
    private long last;
    private int start;
    private int end;

    private SegmentLines(final Path segment, final long offset, final int size) throws IOException {
        this.segment = segment;
        this.channel = open(segment);
        this.offset = offset;
        this.buffer = new byte[size];
    }

    SegmentLines(final Path segment, final long offset) throws IOException {
        this(segment, offset, FOR_MANY);
    }

    /** The line at an offset, if there is one. */
    static Optional<byte[]> at(final Path segment, final long offset) throws IOException {
        try (SegmentLines lines = new SegmentLines(segment, offset, FOR_ONE)) {
            return lines.next();
        }
    }

    /**
     * The last line of a segment that is complete.
     *
     * @throws DamagedChainException if it does not end in one
     */
    static byte[] last(final Path segment) throws IOException {
        try (FileChannel channel = open(segment)) {
            final long size = channel.size();
            final ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, LONGEST + 1));
            final long from = size - bytes.capacity();
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
                continue;
            }
            final byte[] tail = bytes.array();
            if (tail.length == 0 || bytes.hasRemaining() || tail[tail.length - 1] != '\n') {
                throw new DamagedChainException(segment, size, "it does not end with a line");
            }
            int begin = tail.length - 1;
            while (begin > 0 && tail[begin - 1] != '\n') {
                begin--;
            }
            return Arrays.copyOfRange(tail, begin, tail.length - 1);
        }
    }

    /** The entry of a number, by bisection, as numbers only grow. */
    static Optional<Line> find(final Path segment, final int chain, final long seq) throws IOException {
        long from = 0;
        for (long to = Files.size(segment); to - from > FOR_MANY;) {
            final long middle = (from + to) / 2;
            try (SegmentLines lines = new SegmentLines(segment, middle, FOR_ONE)) {
                // What is left of the line before
                lines.next();
                if (lines.nextEntry(chain).filter(line -> line.seq() <= seq).isPresent()) {
                    from = lines.last();
                } else {
                    to = middle;
                }
            }
        }
        try (SegmentLines lines = new SegmentLines(segment, from)) {
            Optional<Line> line = lines.nextEntry(chain);
            while (line.isPresent() && line.get().seq() < seq) {
                line = lines.nextEntry(chain);
            }
            return line.filter(found -> found.seq() == seq);
        }
    }

    private static FileChannel open(final Path segment) throws IOException {
        return FileChannel.open(segment, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The next line that has an end; none if there is none yet.
     *
     * @throws DamagedChainException if it is longer than any
     */
    Optional<byte[]> next() throws IOException {
        int scanned = start;
        while (true) {
            for (; scanned < end; scanned++) {
                if (buffer[scanned] == '\n') {
                    final byte[] line = Arrays.copyOfRange(buffer, start, scanned);
                    last = offset;
                    offset += line.length + 1;
                    start = scanned + 1;
                    return Optional.of(line);
                }
            }
            scanned -= start;
            if (!fill()) {
                return Optional.empty();
            }
        }
    }

    /** The next line that is an entry, whatever stands before it. */
    Optional<Line> nextEntry(final int chain) throws IOException {
        for (Optional<byte[]> line = next(); line.isPresent(); line = next()) {
            try {
                return Optional.of(LineFormat.parse(chain, line.get()));
            } catch (final IllegalArgumentException noEntry) {
                continue;
            }
        }
        return Optional.empty();
    }

    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        if (end == buffer.length) {
            if (end > LONGEST) {
                throw new DamagedChainException(segment, offset, "a line has more than " + LONGEST + " bytes");
            }
            buffer = Arrays.copyOf(buffer, 2 * end);
        }
        final int read = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end), offset + end);
        end += Math.max(read, 0);
        return read > 0;
    }

    /** Where the next line begins, in the file. */
    long offset() {
        return offset;
    }

    /** Where the line begins that {@link #next} gave, in the file. */
    long last() {
        return last;
    }

    /** Whether there are bytes after the last line that {@link #next} gave. */
    boolean hasMore() throws IOException {
        return channel.size() > offset;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
