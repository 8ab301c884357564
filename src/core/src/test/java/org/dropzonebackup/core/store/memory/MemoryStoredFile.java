package org.dropzonebackup.core.store.memory;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.dropzonebackup.core.store.StoredFile;

/** A published object. */
record MemoryStoredFile(Bucket bucket, String key, Bucket.Item item) implements StoredFile {

    private MemoryFile.Content content() {
        return item.as(MemoryFile.Content.class);
    }

    @Override
    public boolean isFile() {
        return true;
    }

    @Override
    public long size() {
        return content().size();
    }

    @Override
    public Instant storedAt() {
        return content().storedAt();
    }

    @Override
    public long digest(final List<MessageDigest> digests, final long from, final long most) {
        long at = 0;
        long count = 0;
        for (final byte[] part : content().parts()) {
            final int begin = (int) Math.min(part.length, Math.max(0, from - at));
            final int length = (int) Math.min(part.length - begin, most - count);
            digests.forEach(digest -> digest.update(part, begin, length));
            count += length;
            at += part.length;
        }
        return count;
    }

    @Override
    public boolean remove() {
        return bucket.delete(key, item);
    }

    @Override
    public boolean isUnchanged() {
        return bucket.get(key) == item;
    }
}
