package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedUpload;

/** A staging file; see the package for how it is named and published. */
final class LocalStagedUpload implements StagedUpload {

    private final Path directory;
    private final Staging staging;
    private final Path staged;
    private final OpenFile file;
    private final Publishing publishing;
    private boolean sealed;

    LocalStagedUpload(final Path directory, final Staging staging, final ReplaceLock turn) throws IOException {
        this.directory = directory;
        this.staging = staging;
        this.staged = staging.newName(directory);
        this.publishing = new Publishing(directory, staging, staged, turn, false);
        try {
            this.file = new OpenFile(staged, staging, staging.create(staged), 0, staging.writeBack());
        } catch (final IOException e) {
            staging.release(staged);
            throw e;
        }
    }

    @Override
    public void write(final ByteBuffer bytes, final Retainable memory) throws IOException {
        file.write(bytes, memory);
    }

    @Override
    public void seal() {
        if (!sealed) {
            sealed = true;
            file.close();
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            if (sealed) {
                file.await();
                syncAgainOpened();
            } else {
                file.sync();
                seal();
                file.await();
            }
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }

    /** Syncing through another descriptor writes the same file, and tells of failures that nobody was told of. */
    private void syncAgainOpened() throws IOException {
        try (FileChannel again = FileChannel.open(staged, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            staging.sync(again);
        }
    }

    @Override
    public void publish(final FileName name, final boolean replace) throws NameTakenException, IOException {
        publishing.publish(name, replace);
    }

    @Override
    public Instant storedAt() throws IOException {
        return publishing.storedAt();
    }

    @Override
    public void confirm() throws IOException {
        publishing.confirm();
    }

    @Override
    public void close() throws IOException {
        try {
            seal();
        } finally {
            try {
                publishing.close();
            } finally {
                removeStaged();
            }
        }
    }

    private void removeStaged() throws IOException {
        staging.release(staged);
        if (!publishing.isThrough()) {
            staging.remove(staged);
        }
    }
}
