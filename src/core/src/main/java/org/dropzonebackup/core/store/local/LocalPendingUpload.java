package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Optional;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.UploadState;

/** An upload resource whose data file is open and locked; see the package for how it is kept and published. */
final class LocalPendingUpload extends LocalStagedFile implements PendingUpload {

    private final StagingNames names;
    private final UploadLock lock;
    private final UploadFiles files;
    private final long size;
    private UploadState state;
    private long generation;

    private LocalPendingUpload(final Staging staging, final UploadLock lock, final long size, final RecordedState recorded) {
        super(lock.files().data(), staging, lock.channel().orElseThrow(), recorded.state().offset());
        this.names = staging.names();
        this.lock = lock;
        this.files = lock.files();
        this.size = size;
        this.state = recorded.state();
        this.generation = recorded.generation();
    }

    /**
     * @param lock with the data file; closed by what this returns
     * @param recorded as it was read under the lock
     */
    static LocalPendingUpload open(final Staging staging, final UploadLock lock, final RecordedState recorded)
            throws IOException {
        final long size = lock.channel().orElseThrow().size();
        final LocalPendingUpload upload = new LocalPendingUpload(staging, lock, size,
                new RecordedState(recorded.generation(), UploadFiles.ofAtMost(size, recorded.state())));
        upload.count(true);
        return upload;
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
    public int read(final ByteBuffer buffer, final long position) throws IOException {
        awaitSuccess();
        try {
            return channel().read(buffer, position);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, path().getParent());
        }
    }

    /** The file stays open, since its lock would go with it. */
    @Override
    public void seal() {
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
            throw new StoreBusyException("the file system gave an old record of upload " + files.id() + " when it was opened");
        }
    }

    @Override
    public void trim() throws IOException {
        refuseNewer();
        awaitSuccess();
        try {
            channel().truncate(position());
        } catch (final IOException e) {
            throw SystemFaults.explained(e, path().getParent());
        }
    }

    /** The published file counts instead. */
    @Override
    void visible(final boolean now) {
        count(!now);
    }

    @Override
    void published() {
        names.removeOrLeave(path());
    }

    @Override
    public void count(final boolean counted) {
        // Those under way too, which the device does not have yet
        names.count(path(), counted ? this::position : () -> -1);
    }

    @Override
    public void finish() throws IOException {
        try {
            Files.deleteIfExists(path());
        } catch (final IOException e) {
            throw SystemFaults.explained(e, path().getParent());
        }
    }

    @Override
    public void remove() throws IOException {
        files.remove();
    }

    /** Waits for what is under way, as the lock holds for as long as the file is open. */
    @Override
    public void close() throws IOException {
        try {
            closeFile();
            await();
        } finally {
            names.uncount(path());
            lock.close();
        }
    }
}
