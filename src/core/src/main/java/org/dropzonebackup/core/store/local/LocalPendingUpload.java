package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.UploadState;

/** An upload resource whose data file is open and locked; see the package for how it is kept and published. */
final class LocalPendingUpload implements PendingUpload {

    private final Path directory;
    private final Staging staging;
    private final UploadLock lock;
    private final UploadFiles files;
    private final OpenFile file;
    private final Publishing publishing;
    private final long size;
    private UploadState state;
    private long generation;

    /**
     * @param lock with the data file; closed by this
     * @param recorded as it was read under the lock
     */
    LocalPendingUpload(final Path directory, final Staging staging, final UploadLock lock, final ReplaceLock turn,
            final RecordedState recorded) throws IOException {
        this.directory = directory;
        this.staging = staging;
        this.lock = lock;
        this.files = lock.files();
        this.publishing = new Publishing(directory, staging, files.data(), turn, true);
        final FileChannel channel = lock.channel().orElseThrow();
        this.size = channel.size();
        this.state = UploadFiles.ofAtMost(size, recorded.state());
        this.generation = recorded.generation();
        this.file = new OpenFile(files.data(), staging, channel, state.offset(), Runnable::run);
    }

    @Override
    public UploadState state() {
        return state;
    }

    @Override
    public long size() {
        return size;
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
            throw SystemFaults.explained(e, directory);
        }
    }

    @Override
    public void record(final UploadState recorded) throws IOException {
        refuseNewer();
        // Also if this fails, it may have been replaced
        generation++;
        files.record(new RecordedState(generation, recorded));
        state = recorded;
    }

    /** Nobody else records anything while this is open: what is newer was there before, and this began with an old view. */
    private void refuseNewer() throws IOException {
        final Optional<RecordedState> there = files.read();
        if (there.isPresent() && there.get().generation() > generation) {
            throw new StoreBusyException(new IOException(
                    "the file system gave an old record of upload " + files.id() + " when it was opened"));
        }
    }

    @Override
    public void trim() throws IOException {
        refuseNewer();
        file.trim();
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
        try {
            Files.deleteIfExists(files.data());
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
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
