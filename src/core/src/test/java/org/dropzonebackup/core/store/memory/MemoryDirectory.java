package org.dropzonebackup.core.store.memory;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;
import org.dropzonebackup.core.threads.Action;

/** A prefix of a bucket: {@code files/}, {@code staged/} and {@code uploads/} below it. */
final class MemoryDirectory implements Directory {

    private final MemoryStore store;
    private final Bucket bucket;
    private final String prefix;

    MemoryDirectory(final MemoryStore store, final String name) {
        this.store = store;
        this.bucket = store.bucket();
        this.prefix = name + "/";
    }

    private record Share(Bucket bucket) implements Capacity {
        @Override
        public long usable() {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public Object identity() {
        return List.of(bucket, prefix);
    }

    private String key(final FilePath path) {
        return prefix + "files/" + path;
    }

    @Override
    public Optional<StoredFile> find(final FilePath path) {
        return Optional.ofNullable(bucket.get(key(path))).map(item -> new MemoryStoredFile(bucket, key(path), item));
    }

    private String parent(final FilePath beside) {
        return key(beside).substring(0, key(beside).length() - beside.name().toString().length());
    }

    @Override
    public List<String> directories(final FilePath beside) {
        final String parent = parent(beside);
        return bucket.list(parent).stream().map(key -> key.substring(parent.length())).filter(name -> name.contains("/"))
                .map(name -> name.substring(0, name.indexOf('/'))).distinct().toList();
    }

    @Override
    public List<String> names(final FilePath beside, final String start) {
        final String parent = parent(beside);
        return bucket.list(parent + start).stream().map(key -> key.substring(parent.length())).filter(name -> !name.contains("/"))
                .toList();
    }

    @Override
    public StagedFile stage() throws IOException {
        final MemoryFile file = new MemoryFile(store, prefix + "staged/" + UploadId.random() + "/", 0, new byte[0]);
        file.put(file.prefix() + "begun", new byte[0]);
        return file;
    }

    @Override
    public void publish(final List<Publication> publications, final Recording recording) throws NameTakenException, IOException {
        // One that may have to put back what it replaced lets no other replace it meanwhile
        final String lock = prefix + "replacing";
        final boolean locks = publications.size() > 1 && publications.stream().anyMatch(Publication::replace);
        if (locks && !bucket.putIfAbsent(lock, new Bucket.Item(""))) {
            throw new StoreBusyException("another request replaces files");
        }
        final Deque<Runnable> undo = new ArrayDeque<>();
        try {
            final Set<Bucket.Item> mine = new HashSet<>();
            for (final Publication publication : publications) {
                publish(publication, mine, undo);
            }
            recording.record(Action.NOTHING);
            undo.clear();
            publications.forEach(publication -> ((MemoryFile) publication.file()).published());
        } finally {
            undo.forEach(Runnable::run);
            if (locks) {
                bucket.delete(lock);
            }
        }
    }

    private void publish(final Publication publication, final Set<Bucket.Item> mine, final Deque<Runnable> undo)
            throws NameTakenException, IOException {
        final String key = key(publication.path());
        final Bucket.Item now = new Bucket.Item(((MemoryFile) publication.file()).content());
        boolean put = false;
        while (!put) {
            final Bucket.Item before = bucket.get(key);
            final Optional<FilePath> obstacle = obstacle(publication.path());
            if (obstacle.isPresent() || before != null && (!publication.replace() || mine.contains(before))) {
                throw new NameTakenException(publication, obstacle.orElse(publication.path()));
            }
            put = before == null ? bucket.putIfAbsent(key, now) : bucket.replace(key, before, now);
            if (put) {
                undo.push(() -> {
                    final boolean undone = before == null ? bucket.delete(key, now) : bucket.replace(key, now, before);
                    assert undone || bucket.get(key) != now;
                });
            }
        }
        mine.add(now);
    }

    /** A file in place of a directory, or the path itself where it is the prefix of others. */
    private Optional<FilePath> obstacle(final FilePath path) {
        return IntStream.range(1, path.names().size()).mapToObj(count -> new FilePath(path.names().subList(0, count)))
                .filter(above -> bucket.get(key(above)) != null).findFirst()
                .or(() -> Optional.of(path).filter(all -> !bucket.list(key(all) + "/").isEmpty()));
    }

    @Override
    public boolean syncs() {
        return true;
    }

    @Override
    public long usage() {
        long bytes = 0;
        for (final String key : bucket.list(prefix + "files/")) {
            final Bucket.Item item = bucket.get(key);
            bytes += item == null ? 0 : item.as(MemoryFile.Content.class).size();
        }
        for (final UploadRecord record : uploads()) {
            if (record.pending()) {
                final LongSupplier known = store.counted().getOrDefault(uploadPrefix(record.id()), record.state()::offset);
                bytes += known.getAsLong() < 0 ? 0 : Math.max(known.getAsLong(), record.state().length().orElse(0));
            }
        }
        return bytes;
    }

    @Override
    public Capacity capacity() {
        return new Share(bucket);
    }

    private String uploadPrefix(final UploadId id) {
        return prefix + "uploads/" + id + "/";
    }

    @Override
    public UploadId create(final UploadState state) throws IOException {
        final UploadId id = UploadId.random();
        MemoryUpload.create(store, uploadPrefix(id), state);
        return id;
    }

    @Override
    public Optional<UploadRecord> look(final UploadId id) {
        return MemoryUpload.last(bucket, uploadPrefix(id)).map(last -> new UploadRecord(id, last.state(),
                bucket.get(uploadPrefix(id) + MemoryUpload.BYTES) != null, last.changed()));
    }

    @Override
    public List<UploadRecord> uploads() {
        final List<UploadRecord> records = new ArrayList<>();
        final int length = UploadId.random().toString().length();
        bucket.list(prefix + "uploads/").stream()
                .map(key -> key.substring((prefix + "uploads/").length(), (prefix + "uploads/").length() + length)).distinct()
                .forEach(id -> look(UploadId.parse(id).orElseThrow()).ifPresent(records::add));
        return records;
    }

    @Override
    public Optional<PendingUpload> resume(final UploadId id, final OptionalLong expected) throws IOException {
        if (look(id).filter(UploadRecord::pending).isEmpty()) {
            return Optional.empty();
        }
        lock(id);
        return Optional.of(MemoryUpload.open(store, uploadPrefix(id), lockKey(id)));
    }

    private String lockKey(final UploadId id) {
        return prefix + "locks/" + id;
    }

    private void lock(final UploadId id) throws UploadLockedException {
        if (!bucket.putIfAbsent(lockKey(id), new Bucket.Item(""))) {
            throw new UploadLockedException(id);
        }
    }

    @Override
    public void remove(final UploadId id) throws IOException {
        lock(id);
        try {
            bucket.deleteAll(uploadPrefix(id));
        } finally {
            bucket.delete(lockKey(id));
        }
    }

    void sweepUploads(final Instant before) {
        for (final UploadRecord record : uploads()) {
            if (record.changed().isBefore(before) && bucket.get(lockKey(record.id())) == null) {
                bucket.deleteAll(uploadPrefix(record.id()));
            }
        }
    }
}
