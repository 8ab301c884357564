package org.dropzonebackup.core.journal;

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
 * The right to append to a chain, among all servers that share its directory: a lock of its file {@code lock}, which goes when
 * the process does. The system gives such a lock up when any descriptor of the file is closed by the process, so the file is
 * opened only by who has claimed the chain in the process: by a system property, as one process may have loaded this class for
 * several web applications.
 */
final class ChainLock implements Closeable {

    private final String claim;
    private final FileChannel channel;

    private ChainLock(final String claim, final FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @return none if somebody else holds it
     * @throws IOException if the system cannot lock; nothing is held then
     */
    static Optional<ChainLock> take(final ChainFiles files) throws IOException {
        final Path directory = files.directory().toRealPath();
        final Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        final String claim = ChainLock.class.getName() + " " + directory.getFileSystem() + Objects.requireNonNullElse(key, directory);
        if (System.getProperties().putIfAbsent(claim, "held") != null) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(files.lock(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS), ChainFiles.ownerOnly(files.lock()));
            held = channel.tryLock() != null;
            return held ? Optional.of(new ChainLock(claim, channel)) : Optional.empty();
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
