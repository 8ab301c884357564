package org.dropzonebackup.core.store.local;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;

/**
 * Writes long runs of a file straight to the device, past the system's cache ({@code O_DIRECT}). A backup is not read again
 * soon: to copy it into the cache costs up to several times what its SHA-256 does, drives out what others need there, and
 * leaves it to be written yet when all came.
 *
 * <p>Not everything can be written so, and nothing has to be: what this does not take goes through the cache, to whichever
 * part of the file. Belongs to one file; not safe for threads.
 */
final class DirectWrites implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DirectWrites.class.getName());
    /** Bytes. The device is waited for once for each run: for shorter ones that takes longer than to copy them. */
    private static final int SHORTEST = 256 * 1024;
    /** 25 MB/s. A device that is slower, one write after the other, may do better with as many at once as the cache has for it. */
    private static final long NANOS_PER_BYTE = 40;
    /** What a device may be late by, now and then. */
    private static final long LATE_NANOS = 250_000_000;

    private final Path name;
    private final LongSupplier nanoClock;
    /** Null until there is something to write. */
    private FileChannel channel;
    /** Whether all goes through the cache from now on. */
    private boolean givenUp;
    /** Bytes: where they begin, in memory and in the file, and how many they are, has to be a multiple of it. */
    private int block;
    private long late;

    /**
     * @param name of the file, which exists
     * @param nanoClock counts nanoseconds
     */
    DirectWrites(final Path name, final LongSupplier nanoClock) {
        this.name = name;
        this.nanoClock = nanoClock;
    }

    /**
     * Writes as many of the bytes as it can, and consumes those.
     *
     * @param position of the first, in the file
     * @return how many; none if all of them are to go through the cache
     */
    int write(final ByteBuffer bytes, final long position) {
        if (givenUp || bytes.remaining() < SHORTEST || !bytes.isDirect() || channel == null && !open()) {
            return 0;
        }
        if (position % block != 0 || bytes.alignmentOffset(bytes.position(), block) != 0) {
            return 0;
        }
        final ByteBuffer run = bytes.slice(bytes.position(), bytes.remaining() - bytes.remaining() % block);
        final long begun = nanoClock.getAsLong();
        try {
            channel.write(run, position);
        } catch (final IOException e) {
            // Whether it is the device that fails or only this way to it, the cache will tell
            giveUp(e);
            return 0;
        }
        bytes.position(bytes.position() + run.position());
        late = Math.max(0, late + nanoClock.getAsLong() - begun - run.position() * NANOS_PER_BYTE);
        givenUp = late > LATE_NANOS;
        return run.position();
    }

    private boolean open() {
        try {
            block = Math.toIntExact(Files.getFileStore(name).getBlockSize());
            channel = FileChannel.open(name, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (final IOException | UnsupportedOperationException e) {
            giveUp(e);
            return false;
        }
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
