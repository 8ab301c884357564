package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dropzonebackup.core.store.StagedUpload;

/**
 * The bytes of a file, on their way to the store and into its digests. What comes in large pieces is gathered into blocks
 * that end at multiples of their size: the system takes those at two thirds of what the pieces would cost, and the digests
 * of one are taken on another thread while the next one comes. Everything else goes through at once, as a small file, or a
 * slow client, must not pay for that. When nothing comes for a while it is to be flushed, so that a block is lent only
 * while bytes flow. Not safe for threads.
 */
final class Gathering implements AutoCloseable {

    private static final int LARGE = 32 * 1024;

    private final Blocks blocks;
    private final StagedUpload staged;
    private final Room room;
    private final Hashing hashing;
    /** Of the file, before what is gathered. */
    private long position;
    /** Null while nothing is gathered. */
    private ByteBuffer block;

    /**
     * @param room for whatever is to come
     * @param hashing takes no bytes as long as it is behind
     * @param position bytes that are there already
     */
    Gathering(final Blocks blocks, final StagedUpload staged, final Room room, final Hashing hashing, final long position) {
        this.blocks = blocks;
        this.staged = staged;
        this.room = room;
        this.hashing = hashing;
        this.position = position;
    }

    /** Takes all remaining bytes; not all of them need be in the store then. */
    void take(final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (block == null && bytes.remaining() >= LARGE) {
                block = blocks.take().map(empty -> empty.limit(Blocks.SIZE - (int) (position % Blocks.SIZE))).orElse(null);
            }
            if (block == null) {
                pass(bytes);
            } else {
                gather(bytes);
            }
        }
    }

    private void pass(final ByteBuffer bytes) throws IOException {
        final ByteBuffer same = bytes.duplicate();
        write(bytes);
        if (hashing.position() == position) {
            hashing.update(same);
        }
        position += same.remaining();
    }

    private void gather(final ByteBuffer bytes) throws IOException {
        final int count = Math.min(bytes.remaining(), block.remaining());
        block.put(bytes.slice().limit(count));
        bytes.position(bytes.position() + count);
        if (!block.hasRemaining()) {
            flush();
        }
    }

    /** Brings what is gathered to the store. */
    void flush() throws IOException {
        if (block == null) {
            return;
        }
        final int count = block.flip().remaining();
        write(block.duplicate());
        if (hashing.position() == position) {
            final ByteBuffer written = block;
            hashing.updateLater(written, () -> blocks.giveBack(written));
        } else {
            blocks.giveBack(block);
        }
        block = null;
        position += count;
    }

    private void write(final ByteBuffer bytes) throws IOException {
        final int count = bytes.remaining();
        staged.write(bytes);
        room.written(count);
    }

    /** Forgets what is gathered. */
    @Override
    public void close() {
        if (block != null) {
            blocks.giveBack(block);
            block = null;
        }
    }
}
