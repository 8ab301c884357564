package org.dropzonebackup.core.journal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * The index of a segment to which nothing is added any more, in a file beside it: its {@link Places}, sorted, behind four
 * numbers of eight bytes: a mark, the number and the length of the segment, and the CRC-32C of the places. Whoever misses it
 * makes it from the segment, so servers share it. Safe for threads.
 */
final class SealedIndex {

    private static final System.Logger LOG = System.getLogger(SealedIndex.class.getName());
    /** "journal1". */
    private static final long MARK = 0x6a6f75726e616c31L;
    private static final int HEADER = 4 * Long.BYTES;
    /** Places that are read at a time. Among 200,000 one is found by its hash this near in 98 of 100 cases. */
    private static final int WINDOW = 1024;

    private final long segment;
    private final Path lines;
    private final Path file;
    /** What the file would have, if it could not or may not be written; else null. */
    private Places unwritten;

    private SealedIndex(final ChainFiles files, final long segment) {
        this.segment = segment;
        this.lines = files.segment(segment);
        this.file = files.index(segment);
    }

    /**
     * The index of a segment; made if it is missing, damaged or of another state of the segment.
     *
     * @param readOnly whether one that is made is kept in memory
     */
    static SealedIndex open(final ChainFiles files, final long segment, final boolean readOnly) throws IOException {
        final SealedIndex index = new SealedIndex(files, segment);
        if (!index.isWhole()) {
            if (readOnly) {
                index.unwritten = index.placesOfLines();
            } else {
                index.make();
            }
        }
        return index;
    }

    /** Makes the index of a segment whose places are known. It is kept in memory if it cannot be written. */
    static SealedIndex write(final ChainFiles files, final long segment, final Places places) {
        final SealedIndex index = new SealedIndex(files, segment);
        final long[] sorted = places.sorted();
        try {
            index.write(sorted);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "an index is kept in memory, as it cannot be written", e);
            index.unwritten = places;
        }
        return index;
    }

    long segment() {
        return segment;
    }

    private boolean isWhole() throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            if (in.readLong() != MARK || in.readLong() != segment || in.readLong() != Files.size(lines)) {
                return false;
            }
            final long expected = in.readLong();
            final CheckedInputStream rest = new CheckedInputStream(in, new CRC32C());
            rest.transferTo(OutputStream.nullOutputStream());
            return rest.getChecksum().getValue() == expected;
        } catch (final NoSuchFileException | EOFException missing) {
            return false;
        }
    }

    private void make() throws IOException {
        LOG.log(Level.INFO, "indexing {0}", lines);
        write(placesOfLines().sorted());
    }

    private Places placesOfLines() throws IOException {
        final Tail tail = new Tail(lines);
        tail.catchUp();
        return tail.places();
    }

    /** Two servers that do so at once write the same bytes. */
    private void write(final long[] places) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(HEADER + places.length * Long.BYTES);
        bytes.position(HEADER).asLongBuffer().put(places);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        bytes.clear().putLong(MARK).putLong(segment).putLong(Files.size(lines)).putLong(crc.getValue()).position(0);
        final Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS), ChainFiles.ownerOnly(temporary))) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(bytes.limit());
        }
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final NoSuchFileException anotherServerHasDoneIt) {
            LOG.log(Level.DEBUG, "another server has made the index", anotherServerHasDoneIt);
        }
    }

    /** The places of a hash, the oldest first. */
    long[] find(final int key) throws IOException {
        if (unwritten != null) {
            return unwritten.find(key);
        }
        try {
            return search(key);
        } catch (final NoSuchFileException | EOFException lost) {
            make();
            return search(key);
        }
    }

    /** Hashes are evenly spread, so the first look is near to where they are. */
    private long[] search(final int key) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            final int count = (int) ((channel.size() - HEADER) / Long.BYTES);
            if (count < 0) {
                throw new EOFException("an index is too short");
            }
            final long first = Places.place(key, 0);
            int from = (int) Math.max(0, ((long) key * count >>> Integer.SIZE - 1) - WINDOW / 2);
            LongBuffer window = read(channel, from, count);
            while (from > 0 && window.get(0) >= first) {
                from = Math.max(0, from - WINDOW);
                window = read(channel, from, count);
            }
            final LongStream.Builder found = LongStream.builder();
            while (window.hasRemaining()) {
                final long place = window.get();
                if (Places.has(key, place)) {
                    found.add(place);
                } else if (place > first) {
                    break;
                }
                if (!window.hasRemaining()) {
                    from += WINDOW;
                    window = read(channel, from, count);
                }
            }
            return found.build().toArray();
        }
    }

    private static LongBuffer read(final FileChannel channel, final int from, final int count) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(Math.max(0, Math.min(WINDOW, count - from)) * Long.BYTES);
        final long at = HEADER + (long) from * Long.BYTES;
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("an index is too short");
            }
        }
        return bytes.flip().asLongBuffer();
    }
}
