package org.dropzonebackup.core.store.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.UploadState;

/** An upload resource: parts, and records under keys with generations, each with the bytes behind the last whole part. */
final class MemoryUpload extends MemoryFile implements PendingUpload {

    /** Key of what says that the bytes are there, below the prefix. */
    static final String BYTES = "bytes";

    private final String upload;
    private final String lock;
    private final long there;
    private Record last;

    /**
     * A record, and what is certain with it.
     *
     * @param rest bytes behind the last whole part
     */
    record Record(long generation, UploadState state, byte[] rest, Instant changed) {
    }

    private MemoryUpload(final MemoryStore store, final String upload, final String lock, final Record last) {
        super(store, upload + "parts/", last.state().offset() / PART, last.rest());
        this.upload = upload;
        this.lock = lock;
        this.there = last.state().offset();
        this.last = last;
        taken(there);
        count(true);
    }

    static void create(final MemoryStore store, final String upload, final UploadState state) throws IOException {
        store.bucket().put(upload + BYTES, "");
        store.bucket().put(key(upload, 0), new Record(0, state, new byte[0], Instant.now()));
    }

    static MemoryUpload open(final MemoryStore store, final String upload, final String lock) {
        return new MemoryUpload(store, upload, lock, last(store.bucket(), upload).orElseThrow());
    }

    private static String key(final String upload, final long generation) {
        return upload + "record/" + String.format("%012d", generation);
    }

    static Optional<Record> last(final Bucket bucket, final String upload) {
        final List<String> records = bucket.list(upload + "record/");
        return records.isEmpty() ? Optional.empty()
                : Optional.ofNullable(bucket.get(records.get(records.size() - 1))).map(item -> item.as(Record.class));
    }

    @Override
    public UploadState state() {
        return last.state();
    }

    @Override
    public long size() {
        return there;
    }

    @Override
    public void sync() throws IOException {
        await();
    }

    @Override
    public void record(final UploadState state) throws IOException {
        await();
        final byte[] rest = Arrays.copyOf(rest(), (int) Math.min(rest().length, Math.max(0, state.offset() - written() + rest().length)));
        final Record next = new Record(last.generation() + 1, state, rest, Instant.now());
        if (!store().bucket().putIfAbsent(key(upload, next.generation()), new Bucket.Item(next))) {
            throw new StoreBusyException("another server has recorded more");
        }
        store().bucket().delete(key(upload, last.generation()));
        last = next;
    }

    @Override
    public void trim() throws IOException {
        await();
    }

    @Override
    public int read(final ByteBuffer buffer, final long position) throws IOException {
        await();
        if (position >= written()) {
            return -1;
        }
        final long number = position / PART;
        final byte[] part = number == written() / PART ? rest() : part(number);
        final int from = (int) (position % PART);
        final int count = Math.min(buffer.remaining(), part.length - from);
        buffer.put(part, from, count);
        return count;
    }

    @Override
    public void count(final boolean counted) {
        store().counted().put(upload, counted ? this::taken : () -> -1);
    }

    @Override
    void published() {
        finish();
    }

    @Override
    public void finish() {
        store().bucket().delete(upload + BYTES);
        store().bucket().deleteAll(prefix());
    }

    @Override
    public void remove() {
        store().bucket().deleteAll(upload);
    }

    @Override
    public void close() throws IOException {
        store().counted().remove(upload);
        store().open().remove(prefix());
        settle();
        store().bucket().delete(lock);
    }
}
