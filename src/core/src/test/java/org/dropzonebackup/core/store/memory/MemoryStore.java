package org.dropzonebackup.core.store.memory;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Store;

/**
 * A store on a {@link Bucket}, as unlike a file system as an object store is: content in parts of a fixed size, publication by a
 * conditional put of a list of parts, records under new keys. It shows that the contract can be kept so. Unlike a store for
 * use, it has no leases: what a killed process has locked stays locked. Safe for threads.
 */
public final class MemoryStore implements Store {

    private final Bucket bucket;
    private final Executor threads;
    /** Prefixes of what this process stages. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    /** How many bytes count of the upload resources that this process has open. */
    private final Map<String, LongSupplier> counted = new ConcurrentHashMap<>();

    /** A store of its own. */
    public MemoryStore(final Executor threads) {
        this(new Bucket(), threads);
    }

    MemoryStore(final Bucket bucket, final Executor threads) {
        this.bucket = bucket;
        this.threads = threads;
    }

    Bucket bucket() {
        return bucket;
    }

    Executor threads() {
        return threads;
    }

    Set<String> open() {
        return open;
    }

    Map<String, LongSupplier> counted() {
        return counted;
    }

    @Override
    public Directory open(final String directory) {
        return new MemoryDirectory(this, directory);
    }

    @Override
    public Optional<Directory> existing(final String directory) {
        return Optional.of(open(directory));
    }

    @Override
    public void sweep(final Collection<String> directories, final Instant before) {
        for (final String directory : directories) {
            for (final String key : bucket.list(directory + "/staged/")) {
                final Bucket.Item item = bucket.get(key);
                if (item != null && item.stored().isBefore(before) && open.stream().noneMatch(key::startsWith)) {
                    bucket.delete(key);
                }
            }
            new MemoryDirectory(this, directory).sweepUploads(before);
        }
    }

    @Override
    public void recover(final Collection<String> directories, final Instant before, final Recovery recovery) {
        // A crash takes all that there is with it
    }

    @Override
    public void retryRemovals() {
        // Memory refuses no removal
    }
}
