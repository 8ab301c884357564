package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadState;

/** An upload resource whose data file is open and locked; see the package for how it is kept and published. */
final class LocalPendingUpload implements PendingUpload {

    private final Path directory;
    private final Staging staging;
    private final UploadLock lock;
    private final UploadFiles files;
    private final OpenFile file;
    private final Publishing publishing;
    private UploadState state;

    /**
     * @param lock with the data file; closed by this
     * @param state as it is recorded
     */
    LocalPendingUpload(final Path directory, final Staging staging, final UploadLock lock, final Turn turn,
            final UploadState state) throws IOException {
        this.directory = directory;
        this.staging = staging;
        this.lock = lock;
        this.files = lock.files();
        this.publishing = new Publishing(directory, staging, files.data(), turn, true);
        this.state = state;
        final FileChannel channel = lock.channel().orElseThrow();
        channel.truncate(state.offset());
        this.file = new OpenFile(files.data(), staging, channel, state.offset(), Runnable::run);
    }

    @Override
    public UploadState state() {
        return state;
    }

    @Override
    public void write(final ByteBuffer bytes, final Retainable memory) throws IOException {
        file.write(bytes, memory);
    }

    @Override
    public int read(final ByteBuffer buffer, final long position) throws IOException {
        return file.read(buffer, position);
    }

    /** The file stays open, since its lock would go with it. */
    @Override
    public void seal() {
    }

    @Override
    public void sync() throws IOException {
        try {
            file.sync();
        } catch (final IOException e) {
            throw Staging.explained(e, directory);
        }
    }

    @Override
    public void record(final UploadState recorded) throws IOException {
        files.record(recorded);
        state = recorded;
    }

    @Override
    public void publish(final FileName name, final boolean replace) throws NameTakenException, IOException {
        publishing.publish(name, replace);
        // The published file counts instead
        count(false);
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
    public void count(final boolean counted) {
        staging.count(files.data(), counted);
    }

    @Override
    public void finish() throws IOException {
        Files.deleteIfExists(files.data());
    }

    @Override
    public void remove() throws IOException {
        files.remove();
    }

    /** Waits for what writes early, as the lock holds for as long as the file is open. */
    @Override
    public void close() throws IOException {
        try {
            count(true);
            publishing.close();
        } finally {
            file.close();
            try {
                file.await();
            } finally {
                lock.close();
            }
        }
    }
}
