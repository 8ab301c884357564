package org.dropzonebackup.core.store.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.threads.SerialExecutor;

/** Content in parts: whole ones as objects, the rest in memory until it is synced. */
class MemoryFile implements StagedFile {

    static final int PART = 8192;

    private final MemoryStore store;
    private final String prefix;
    private final SerialExecutor tasks;
    private byte[] rest = {};
    private long wholeParts;
    private Instant storedAt = Instant.now();
    private volatile IOException failure;
    private boolean published;
    private volatile long taken;

    /**
     * What a published file is.
     *
     * @param parts bytes, in their order
     */
    record Content(List<byte[]> parts, Instant storedAt) {

        long size() {
            return parts.stream().mapToLong(part -> part.length).sum();
        }
    }

    /**
     * @param prefix of the keys of its parts
     * @param wholeParts that are there already
     * @param rest bytes behind those
     */
    MemoryFile(final MemoryStore store, final String prefix, final long wholeParts, final byte[] rest) {
        this.store = store;
        this.prefix = prefix;
        this.wholeParts = wholeParts;
        this.rest = rest;
        this.tasks = new SerialExecutor(store.threads());
        store.open().add(prefix);
    }

    final MemoryStore store() {
        return store;
    }

    final String prefix() {
        return prefix;
    }

    final long written() {
        return wholeParts * PART + rest.length;
    }

    final byte[] rest() {
        return rest;
    }

    @Override
    public final void write(final ByteBuffer bytes, final Retainable memory) throws IOException {
        tellFailure();
        if (memory.retain()) {
            final ByteBuffer taken = bytes.slice();
            tasks.execute(() -> {
                try {
                    append(taken);
                } finally {
                    memory.release();
                }
            });
        } else {
            await();
            append(bytes.slice());
            tellFailure();
        }
        taken += bytes.remaining();
        bytes.position(bytes.limit());
    }

    /** Bytes with those under way. */
    final long taken() {
        return taken;
    }

    final void taken(final long bytes) {
        taken = bytes;
    }

    private void append(final ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining() && failure == null) {
                final int count = Math.min(bytes.remaining(), PART - rest.length);
                rest = Arrays.copyOf(rest, rest.length + count);
                bytes.get(rest, rest.length - count, count);
                if (rest.length == PART) {
                    put(prefix + "part/" + String.format("%012d", wholeParts), rest);
                    wholeParts++;
                    rest = new byte[0];
                }
            }
            storedAt = Instant.now();
        } catch (final IOException e) {
            failure = e;
        }
    }

    /** Stores an object of it. */
    void put(final String key, final byte[] value) throws IOException {
        store.bucket().put(key, value);
    }

    @Override
    public final boolean isWritten() {
        return tasks.isIdle();
    }

    final void await() throws IOException {
        settle();
        tellFailure();
    }

    /** Waits until nothing is under way. */
    final void settle() {
        tasks.await();
    }

    private void tellFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public final void seal() {
        // Nothing is open
    }

    @Override
    public void sync() throws IOException {
        await();
        put(prefix + "rest", rest);
    }

    @Override
    public final Instant storedAt() throws IOException {
        await();
        return storedAt;
    }

    final byte[] part(final long number) {
        return store.bucket().get(prefix + "part/" + String.format("%012d", number)).as(byte[].class);
    }

    /** All that came, for a published file. */
    final Content content() throws IOException {
        await();
        final List<byte[]> parts = new ArrayList<>();
        for (long i = 0; i < wholeParts; i++) {
            parts.add(part(i));
        }
        parts.add(rest);
        return new Content(List.copyOf(parts), storedAt);
    }

    /** It is published for good. */
    void published() {
        published = true;
        store.bucket().deleteAll(prefix);
    }

    @Override
    public void close() throws IOException {
        store.open().remove(prefix);
        if (!published) {
            published = true;
            failure = new IOException("closed");
            tasks.execute(() -> store.bucket().deleteAll(prefix));
        }
    }
}
