package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that several processes edit: one at a time, each on what the one before left, and readers see the old or the
 * new content, never half of one. The lock is that of a file beside it, {@code NAME.lock}, which stays. A kill at any
 * moment leaves the old or the new content, and at worst a temporary file.
 *
 * <p>Held by one thread until closed; other threads of the process that try meanwhile get an exception.
 */
public final class LockedFile implements AutoCloseable {

    private final Path file;
    private final FileChannel lock;

    private LockedFile(final Path file, final FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Waits until no other process edits the file.
     *
     * @param file need not exist; if it is a symbolic link, what it points to is edited
     * @throws IOException if it cannot be locked; nothing is held then
     */
    public static LockedFile open(final Path file) throws IOException {
        final Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        final FileChannel lock = FileChannel.open(real.resolveSibling(real.getFileName() + ".lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock.lock();
        } catch (final IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        return new LockedFile(real, lock);
    }

    /**
     * The content now, in UTF-8; empty if there is no file.
     *
     * @throws IOException if it cannot be read
     */
    public String read() throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /**
     * Replaces the content durably: a temporary file is written, synced and renamed, then the directory is synced.
     *
     * @throws IOException if it cannot be replaced; the old content is there then
     */
    public void replace(final String text) throws IOException {
        // Nobody else has it, since the lock is held: what a kill left there goes
        final Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        AtomicReplace.replace(file, temporary, text, true);
        if (AtomicReplace.isPosix(file)) {
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** Lets the next one in. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
