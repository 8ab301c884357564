package org.dropzonebackup.core.store.memory;

import java.io.IOException;
import org.dropzonebackup.core.store.Gate;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoreContract;

class MemoryStoreContractTest extends StoreContract {

    private final Bucket bucket = new Bucket();

    @Override
    protected Store newStore(final Gate threads) {
        return new MemoryStore(bucket, threads);
    }

    @Override
    protected StagedFile failing() {
        return new MemoryFile((MemoryStore) store, "alice/staged/failing/", 0, new byte[0]) {
            @Override
            void put(final String key, final byte[] value) throws IOException {
                throw new IOException("no answer");
            }
        };
    }

    @Override
    protected long leftovers() {
        return bucket.list("alice/").stream().filter(key -> !key.startsWith("alice/files/") && !key.contains("/record/")).count();
    }
}
