package org.dropzonebackup.core.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A lock among all processes that share a directory: that of a file ({@code fcntl}), which goes when the process does. The system
 * gives such a lock up when any descriptor of the file is closed by the process, so the file is opened only by who has claimed it
 * in the process: by a system property, as one process may have loaded this class for several web applications. Held by an
 * object, whatever the thread.
 */
public final class ProcessLock implements Closeable {

    private final String claim;
    private final FileChannel channel;

    private ProcessLock(final String claim, final FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param file is created for its owner alone where it is missing, in a directory that exists
     * @return none if somebody else holds it
     * @throws IOException if the system cannot lock; nothing is held then
     */
    public static Optional<ProcessLock> take(final Path file) throws IOException {
        final Path directory = file.toAbsolutePath().getParent().toRealPath();
        final Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        final String claim = ProcessLock.class.getName() + " " + directory.getFileSystem()
                + Objects.requireNonNullElse(key, directory) + file.getFileName();
        if (System.getProperties().putIfAbsent(claim, "held") != null) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS), Ownership.ownerOnly(file));
            held = channel.tryLock() != null;
            return held ? Optional.of(new ProcessLock(claim, channel)) : Optional.empty();
        } catch (final OverlappingFileLockException heldInThisProcess) {
            return Optional.empty();
        } finally {
            if (!held) {
                release(claim, channel);
            }
        }
    }

    private static void release(final String claim, final FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            System.getProperties().remove(claim);
        }
    }

    @Override
    public void close() throws IOException {
        release(claim, channel);
    }
}
