package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.StoreBusyException;

/**
 * The right to change what lies in the directories below that of a user, among all servers that share it: a lock of a file
 * ({@code fcntl}), which goes when the process does. The file is there only while somebody holds it, or after a crash.
 */
final class DirectoriesLock implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DirectoriesLock.class.getName());
    private static final String NAME = ".directories";
    /** Such a lock belongs to the process, and goes with any descriptor of the file that it closes: one thread at a time has one. */
    private static final ConcurrentMap<Path, ReentrantLock> OF_PROCESS = new ConcurrentHashMap<>();
    /** It is held for some renames. Whoever waits so long waits for one that does not go on. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** Bytes. */
    private static final int LARGEST = 1 << 16;
    private static final Set<OpenOption> OPEN_OR_CREATE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path directory;
    private final Path file;
    private final ReentrantLock ofProcess;
    private final FileChannel channel;

    /**
     * Waits for it.
     *
     * @throws StoreBusyException if that takes too long; nothing is held then
     * @throws IOException if the system cannot lock; nothing is held then
     */
    DirectoriesLock(final Path directory, final Staging staging) throws IOException {
        this(directory, staging, PATIENCE_NANOS);
    }

    /** @param patience nanoseconds that it waits at most, for others in this process and for other servers together */
    DirectoriesLock(final Path directory, final Staging staging, final long patience) throws IOException {
        final long end = System.nanoTime() + patience;
        this.directory = directory;
        this.file = directory.resolve(staging.names().withSuffix(NAME));
        this.ofProcess = OF_PROCESS.computeIfAbsent(file, f -> new ReentrantLock(true));
        lockOfProcess(patience);
        FileChannel locked = null;
        try {
            while (locked == null) {
                locked = attemptUnlessRemoved(staging, end);
            }
        } finally {
            channel = locked;
            if (locked == null) {
                ofProcess.unlock();
            }
        }
    }

    private void lockOfProcess(final long patience) throws IOException {
        try {
            if (!ofProcess.tryLock(patience, TimeUnit.NANOSECONDS)) {
                throw new StoreBusyException("others do not give back the lock of " + file);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the lock of " + file);
        }
    }

    /** Opens the directories of a path, which no server changes while this is held. */
    OpenPath open(final FilePath path) throws IOException {
        return OpenPath.of(directory, path);
    }

    /** Whether a file is one that such a lock has left behind. */
    static boolean isLock(final Path file, final StagingNames names) {
        return names.withoutSuffix(file).equals(NAME);
    }

    private FileChannel attemptUnlessRemoved(final Staging staging, final long end) throws IOException {
        try {
            return attempt(staging, end);
        } catch (final IOException e) {
            if (!SystemFaults.isRemoved(e)) {
                throw e;
            }
            // On a network the file that another server has removed may be found for a while, and not be used
            LocalDirectory.attributes(directory);
            pause(end);
            return null;
        }
    }

    /** @return null if what was locked is not the file that bears the name */
    private FileChannel attempt(final Staging staging, final long end) throws IOException {
        final FileChannel opened = staging.open(file, OPEN_OR_CREATE);
        boolean held = false;
        try {
            while (!tryLock(opened)) {
                pause(end);
            }
            held = isStillThere(opened);
            return held ? opened : null;
        } finally {
            if (!held) {
                opened.close();
            }
        }
    }

    private void pause(final long end) throws StoreBusyException {
        if (System.nanoTime() - end > 0) {
            throw new StoreBusyException("another server does not give back the lock of " + file);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private static boolean tryLock(final FileChannel opened) throws IOException {
        try {
            return opened.tryLock() != null;
        } catch (final OverlappingFileLockException anotherApplicationOfThisProcess) {
            return false;
        }
    }

    /**
     * Who held it before has removed the file. A new one may bear the name by now, and even the old number: so they are told by
     * their size, which the holder chooses at random.
     */
    private boolean isStillThere(final FileChannel opened) throws IOException {
        final int size = ThreadLocalRandom.current().nextInt(LARGEST) + 1;
        opened.truncate(size).write(ByteBuffer.allocate(1), size - 1);
        try {
            final boolean counts = file.getFileSystem().supportedFileAttributeViews().contains("unix");
            final Map<String, Object> there =
                    Files.readAttributes(file, counts ? "unix:size,nlink" : "size", LinkOption.NOFOLLOW_LINKS);
            // A network's file system may go on for a while to find the old file under the name, but knows that it is removed
            return there.get("size").equals((long) size) && (!counts || !there.get("nlink").equals(0));
        } catch (final NoSuchFileException removed) {
            return false;
        }
    }

    /** Never fails: what is done is done, and whoever comes next uses a file that is left. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "a lock file is left behind, the next upload removes it", e);
        } finally {
            ofProcess.unlock();
        }
    }
}
