package org.dropzonebackup.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Reads a chain from a position on, over its segments, and verifies each line: its number, and the hash of the line before. At
 * the end it can be asked again later. Belongs to one thread.
 */
public final class ChainReader implements Closeable {

    private final ChainFiles files;
    private final LongSupplier last;
    private Position position;
    /** Of the segment of the position; null while it is not open. */
    private SegmentLines lines;

    /**
     * @param position from where
     * @param last the number of the last line that may be read now
     */
    ChainReader(final ChainFiles files, final Position position, final LongSupplier last) {
        this.files = files;
        this.position = position;
        this.last = last;
    }

    /**
     * The next line; none if there is none yet.
     *
     * @throws DamagedChainException if what is there cannot follow the line before; it is thrown again at each try
     * @throws IOException if it cannot be read
     */
    public Optional<Line> next() throws IOException {
        while (position.seq() <= last.getAsLong() && (lines != null || open())) {
            Optional<byte[]> line = lines.next();
            if (line.isPresent()) {
                return Optional.of(verified(line.get()));
            }
            final OptionalLong following = files.segmentAfter(position.segment());
            if (following.isEmpty()) {
                return Optional.empty();
            }
            // Nothing is added to this segment any more; before the question something may have been
            line = lines.next();
            if (line.isPresent()) {
                return Optional.of(verified(line.get()));
            }
            begin(following.getAsLong());
        }
        return Optional.empty();
    }

    /** Is told of damages that are passed over. */
    @FunctionalInterface
    public interface DamageListener {
        /** @throws IOException as who reads on wants; the next try begins at the damage */
        void found(DamagedChainException damage) throws IOException;
    }

    /**
     * The next line, behind all damages; none if there is none yet.
     *
     * @param damages is told of each. If nothing can be read behind one, it is told again at the next try
     * @throws IOException if it cannot be read, or as the listener throws it
     */
    public Optional<Line> next(final DamageListener damages) throws IOException {
        while (true) {
            try {
                return next();
            } catch (final DamagedChainException e) {
                damages.found(e);
                if (!skipDamage()) {
                    return Optional.empty();
                }
            }
        }
    }

    /**
     * Goes on behind a damage that {@link #next} has told of: with the next line that is an entry, and as if those before it were
     * whole.
     *
     * @return whether there is one
     */
    public boolean skipDamage() throws IOException {
        close();
        boolean found = Files.exists(files.segment(position.segment())) && skipTo(position.segment(), position.offset());
        for (OptionalLong next = files.segmentAfter(position.segment()); !found && next.isPresent();
                next = files.segmentAfter(next.getAsLong())) {
            found = skipTo(next.getAsLong(), 0);
        }
        return found;
    }

    private boolean skipTo(final long segment, final long offset) throws IOException {
        try (SegmentLines rest = new SegmentLines(files.segment(segment), offset)) {
            final Optional<Line> line = rest.nextEntry(files.chain());
            line.ifPresent(found -> position = new Position(files.chain(), segment, rest.last(), found.seq(), found.prev()));
            return line.isPresent();
        } catch (final DamagedChainException endless) {
            return false;
        }
    }

    private boolean open() throws IOException {
        final Path segment = files.segment(position.segment());
        if (!Files.exists(segment)) {
            if (position.seq() > 1 || files.segmentAfter(position.segment()).isPresent()) {
                throw damaged("the segment is missing");
            }
            return false;
        }
        if (Files.size(segment) < position.offset()) {
            throw damaged("the segment ends before");
        }
        lines = new SegmentLines(segment, position.offset());
        return true;
    }

    private void begin(final long following) throws IOException {
        if (lines.hasMore()) {
            throw damaged("the segment ends within a line");
        }
        if (following != position.seq()) {
            throw damaged("the next segment should begin with entry " + position.seq() + " and not with " + following);
        }
        close();
        position = position.inNextSegment();
    }

    private Line verified(final byte[] bytes) throws IOException {
        final Line line;
        try {
            line = LineFormat.parse(files.chain(), bytes);
        } catch (final IllegalArgumentException e) {
            throw damaged("the line is no entry");
        }
        if (line.seq() != position.seq()) {
            throw damaged("entry " + position.seq() + " should be here, and not " + line.seq());
        }
        if (!line.prev().equals(position.head())) {
            throw damaged("the entry before " + line.seq() + " is not the one that was written");
        }
        position = position.after(line, lines.offset());
        return line;
    }

    private DamagedChainException damaged(final String what) throws IOException {
        // The next try begins at the same place
        close();
        return new DamagedChainException(files.segment(position.segment()), position.offset(), what);
    }

    /** Where the next line is: from there it can be read on at any time. */
    public Position position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
            lines = null;
        }
    }
}
