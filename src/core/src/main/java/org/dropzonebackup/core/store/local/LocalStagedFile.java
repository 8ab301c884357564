package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.threads.SerialExecutor;

/**
 * A file on its way to the device. The bytes that come are written by the store's transfers, one piece after the other, as a
 * thread that reads from a network must not wait for a device. The first few are written by whoever brings them: to wake a
 * thread costs more than to copy them into the system's cache.
 *
 * <p>The writer is used by one thread at a time: by a task of the serial executor, or by the caller while there is no task.
 */
class LocalStagedFile implements StagedFile {

    /** Bytes at the beginning that the caller writes. */
    private static final int WRITTEN_BY_CALLER = 64 * 1024;

    private final Path path;
    private final Staging staging;
    private final SerialExecutor tasks;
    private final ChannelWriter writer;

    /** Where writing began, and where it goes on. */
    private final long start;
    private volatile long position;
    private boolean sealed;
    /** Whether nothing is left that {@link #close} has to remove. */
    private boolean published;
    /** Null until they are asked for, after the last byte. */
    private BasicFileAttributes attributes;

    /**
     * @param path of the file, in use; released by {@link #close}
     * @param channel of the file; closed by this
     * @param position where writing goes on
     */
    LocalStagedFile(final Path path, final Staging staging, final FileChannel channel, final long position) {
        this(path, staging, channel, position, System::nanoTime);
    }

    LocalStagedFile(final Path path, final Staging staging, final FileChannel channel, final long position,
            final LongSupplier nanoClock) {
        this.path = path;
        this.staging = staging;
        this.tasks = new SerialExecutor(staging.transfers());
        this.writer = new ChannelWriter(path, staging, channel, nanoClock);
        this.start = position;
        this.position = position;
    }

    /** A new file under a staging name. */
    static LocalStagedFile create(final Path directory, final Staging staging) throws IOException {
        final Path path = staging.names().newName(directory);
        boolean created = false;
        try {
            final LocalStagedFile file = new LocalStagedFile(path, staging, staging.create(path), 0);
            created = true;
            return file;
        } finally {
            if (!created) {
                staging.names().release(path);
            }
        }
    }

    final Path path() {
        return path;
    }

    final FileChannel channel() {
        return writer.channel();
    }

    /** Where the next byte goes. */
    final long position() {
        return position;
    }

    @Override
    public final void write(final ByteBuffer bytes, final Retainable memory) throws IOException {
        writer.tellFailure();
        final ByteBuffer taken = bytes.slice();
        final long at = position;
        // Made before the memory is retained: if that fails, nothing is left to be released
        final Runnable piece = () -> {
            try {
                writer.write(taken, at);
            } finally {
                memory.release();
            }
        };
        if (position + taken.remaining() <= start + WRITTEN_BY_CALLER && isWritten()) {
            writer.write(taken, at);
        } else if (memory.retain()) {
            tasks.executeOrRun(piece);
        } else {
            tasks.await();
            writer.write(taken, at);
        }
        position += bytes.remaining();
        bytes.position(bytes.limit());
        writer.tellFailure();
    }

    @Override
    public final boolean isWritten() {
        return tasks.isIdle();
    }

    /** Waits until nothing is under way. */
    final void await() {
        tasks.await();
        writer.await();
    }

    /** The same, and tells what failed. */
    final void awaitSuccess() throws IOException {
        await();
        writer.tellFailure();
    }

    @Override
    public void seal() {
        closeFile();
    }

    /** Closes the channels when nothing is under way any more, without waiting for that. */
    final void closeFile() {
        if (!sealed) {
            sealed = true;
            whenWritten(writer::closeWhenQuiet);
        }
    }

    private void whenWritten(final Runnable last) {
        if (isWritten()) {
            last.run();
        } else {
            tasks.executeOrRun(last);
        }
    }

    @Override
    public final void sync() throws IOException {
        awaitSuccess();
        if (sealed && staging.durability().isDurable()) {
            writer.attempt(this::syncAgainOpened);
        } else if (!sealed) {
            writer.attempt(() -> staging.durability().sync(channel()));
            seal();
        }
        attributes = null;
        awaitSuccess();
    }

    /** Syncing through another descriptor writes the same file, and tells of failures that nobody was told of. */
    private void syncAgainOpened() throws IOException {
        try (FileChannel again = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            staging.durability().sync(again);
        }
    }

    @Override
    public final Instant storedAt() throws IOException {
        return attributes().lastModifiedTime().toInstant();
    }

    /** Of the file, when all bytes have come. */
    final BasicFileAttributes attributes() throws IOException {
        if (attributes == null) {
            awaitSuccess();
            attributes = LocalDirectory.attributes(path);
        }
        return attributes;
    }

    /** The file is visible under a path, though perhaps not for good, or no longer. */
    void visible(final boolean now) {
    }

    /**
     * The file is visible for good: its staging name goes.
     */
    void published() {
        published = true;
        staging.names().removeOrLeave(path);
        staging.names().release(path);
    }

    @Override
    public void close() throws IOException {
        closeFile();
        if (published) {
            return;
        }
        published = true;
        if (!isWritten()) {
            // What is queued need not be written any more
            writer.fail(new IOException("the file was closed"));
        }
        try {
            // At once: who is told that an upload was refused finds nothing of it, though a write may still be under way
            staging.names().remove(path);
        } finally {
            staging.names().release(path);
        }
    }
}
