package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.store.UploadLockedException;

/**
 * The right to change an upload resource, among all servers that share its directory: a lock of its data file, which
 * goes when the process does. The system gives such a lock up when any descriptor of the file is closed by the process,
 * so within the process the names in use are asked first, and a second way to write it is closed no sooner than the lock.
 */
final class UploadLock implements AutoCloseable {

    private final UploadFiles files;
    private final StagingNames names;
    private final Optional<FileChannel> channel;

    /**
     * @throws UploadLockedException if somebody else has it; nothing is held then
     * @throws IOException if the system cannot lock; nothing is held then
     */
    UploadLock(final UploadFiles files, final StagingNames names) throws IOException {
        this.files = files;
        this.names = names;
        if (!names.use(files.data())) {
            throw new UploadLockedException(files.id());
        }
        Optional<FileChannel> locked = Optional.empty();
        boolean held = false;
        try {
            locked = open(files);
            if (locked.isPresent() && !lock(locked.get())) {
                throw new UploadLockedException(files.id());
            }
            held = true;
        } finally {
            channel = locked;
            if (!held) {
                close();
            }
        }
    }

    /**
     * The right to go on with an upload resource. Unless what is found is what the client knows, the system is asked again,
     * which may have answered from memory.
     *
     * @param expected the offset that the client knows, if it has said so
     * @throws UploadLockedException if somebody else has it; nothing is held then
     * @throws IOException if the system cannot lock; nothing is held then
     */
    static UploadLock toGoOn(final UploadFiles files, final OptionalLong expected, final StagingNames names) throws IOException {
        final UploadLock first = new UploadLock(files, names);
        boolean asExpected = false;
        try {
            asExpected = expected.isPresent() && first.isAt(expected.getAsLong());
        } finally {
            if (!asExpected) {
                first.close();
            }
        }
        if (asExpected) {
            return first;
        }
        if (names.use(files.data())) {
            try {
                files.askAgain();
            } finally {
                names.release(files.data());
            }
        }
        return new UploadLock(files, names);
    }

    private boolean isAt(final long offset) throws IOException {
        final Optional<RecordedState> recorded = recorded();
        return recorded.isPresent() && recorded.get().state().offset() == offset && channel.orElseThrow().size() >= offset;
    }

    private static Optional<FileChannel> open(final UploadFiles files) throws IOException {
        try {
            return Optional.of(FileChannel.open(files.data(), StandardOpenOption.READ, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS));
        } catch (final NoSuchFileException absent) {
            return Optional.empty();
        } catch (final IOException e) {
            throw SystemFaults.explained(e, files.data().getParent());
        }
    }

    private static boolean lock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException anotherStoreOfThisProcess) {
            return false;
        }
    }

    /**
     * What is recorded, read now that nobody else changes it; none if there are no bytes to go on with.
     */
    Optional<RecordedState> recorded() throws IOException {
        return channel.isPresent() && files.hasBytes() ? files.read() : Optional.empty();
    }

    /** What is locked. */
    UploadFiles files() {
        return files;
    }

    /** The data file, open, if there is one. */
    Optional<FileChannel> channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        try {
            if (channel.isPresent()) {
                channel.get().close();
            }
        } finally {
            names.release(files.data());
        }
    }
}
