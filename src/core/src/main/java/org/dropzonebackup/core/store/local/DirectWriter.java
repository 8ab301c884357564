package org.dropzonebackup.core.store.local;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;

/**
 * Writes long runs of a file straight to the device, past the system's cache ({@code O_DIRECT}). A backup is not read again
 * soon: to copy it into the cache costs up to several times what its SHA-256 does, drives out what others need there, and
 * leaves it to be written yet when all has come.
 *
 * <p>Not everything can be written so, and nothing has to be: what this does not take goes through the cache, to whichever
 * part of the file, and so does a run that fails here. Belongs to one file; used by one thread at a time.
 */
final class DirectWriter implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DirectWriter.class.getName());
    /** Bytes. The device is waited for once for each run: for shorter ones that takes longer than to copy them. */
    private static final int SHORTEST = 256 * 1024;
    /** 25 MB/s. A device that is slower, one write after the other, may do better with as many at once as the cache has for it. */
    private static final long NANOS_PER_BYTE = 40;
    /** What a device may be late by, now and then. */
    private static final long LATE_NANOS = 250_000_000;

    private final Path name;
    private final BlockSize blockSize;
    private final LongSupplier nanoClock;
    /** Null until there is something to write. */
    private FileChannel channel;
    /** Bytes: where a run begins, in memory and in the file, and how long it is, has to be a multiple of it. */
    private int block;
    private long late;
    /** Whether all goes through the cache from now on. */
    private boolean givenUp;

    /** Tells how long the blocks of the file system are. */
    @FunctionalInterface
    interface BlockSize {

        /** @throws IOException if the file system cannot be asked */
        long bytes() throws IOException;
    }

    /**
     * @param name of the file, which exists
     * @param blockSize of its file system; asked when there is something to write
     * @param nanoClock counts nanoseconds
     */
    DirectWriter(final Path name, final BlockSize blockSize, final LongSupplier nanoClock) {
        this.name = name;
        this.blockSize = blockSize;
        this.nanoClock = nanoClock;
    }

    /**
     * Writes as many of the bytes as can be written so, and consumes those.
     *
     * @param position of the first, in the file
     * @return how many; none if all of them are to go through the cache
     */
    int write(final ByteBuffer bytes, final long position) {
        if (!fits(bytes, position)) {
            return 0;
        }
        final ByteBuffer run = bytes.slice(bytes.position(), bytes.remaining() - bytes.remaining() % block);
        try {
            final long begun = nanoClock.getAsLong();
            final int count = channel.write(run, position);
            late = Math.max(0, late + nanoClock.getAsLong() - begun - count * NANOS_PER_BYTE);
            givenUp = late > LATE_NANOS;
        } catch (final IOException e) {
            // Whether it is the device that fails or only this way to it, the cache will tell
            giveUp(e);
        }
        bytes.position(bytes.position() + run.position());
        return run.position();
    }

    private boolean fits(final ByteBuffer bytes, final long position) {
        return !givenUp && bytes.remaining() >= SHORTEST && bytes.isDirect() && (channel != null || open())
                && position % block == 0 && bytes.alignmentOffset(bytes.position(), block) == 0;
    }

    private boolean open() {
        try {
            block = usable(blockSize.bytes());
            channel = FileChannel.open(name, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (final IOException | UnsupportedOperationException e) {
            giveUp(e);
            return false;
        }
    }

    /**
     * File systems, those of programs and networks above all, say what they like.
     *
     * @throws UnsupportedOperationException if no run could be as they say
     */
    static int usable(final long blockSize) {
        if (Long.bitCount(blockSize) != 1 || blockSize < 1 || blockSize > SHORTEST) {
            throw new UnsupportedOperationException("blocks of " + blockSize + " bytes");
        }
        return (int) blockSize;
    }

    private void giveUp(final Exception reason) {
        LOG.log(Level.DEBUG, "a file is written through the system's cache", reason);
        givenUp = true;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
