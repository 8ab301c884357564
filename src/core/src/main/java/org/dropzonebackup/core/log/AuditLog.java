package org.dropzonebackup.core.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of {@link AuditLine}s, one JSON object a line. Each line is handed to the system in one piece at the end of the file,
 * so that several servers can share a file and it can be truncated at any time. If the file was moved away it is made anew,
 * for its owner alone. Lines are not synced. Safe for threads.
 *
 * <p>One thread at a time writes, and takes over the lines that others bring meanwhile: if the device hangs, that thread waits
 * and nobody else does. Up to {@value #MOST_WAITING} lines wait with it. A line that finds no room, or cannot be written, is
 * lost, and the server's log says so, once in ten minutes.
 */
public final class AuditLog implements AutoCloseable {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(AuditLog.class.getName()));

    static final int MOST_WAITING = 10_000;
    private static final int CLOSE_SECONDS = 2;

    private final Path file;
    private final Queue<AuditLine> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    /** Guards what follows. */
    private final ReentrantLock writing = new ReentrantLock();
    /** Null until the first line, and after a fault. */
    private FileChannel channel;
    private Object key;
    /** Whether the file may end in the middle of a line. */
    private boolean torn;

    /**
     * @param file need not exist; made with the first line
     */
    public AuditLog(final Path file) {
        this.file = file;
    }

    /** Adds a line at the end, or leaves it to the thread that is writing. */
    public void append(final AuditLine line) {
        if (waiting.offer(line)) {
            writeUnlessAnotherDoes();
        } else {
            FAULTS.report(Level.ERROR, "the audit log " + file + " takes lines too slowly, lines are lost");
        }
    }

    private void writeUnlessAnotherDoes() {
        // Once more after the lock is given back: a line that came just before has found it taken
        while (!waiting.isEmpty() && writing.tryLock()) {
            try {
                writeAll();
            } finally {
                writing.unlock();
            }
        }
    }

    private void writeAll() {
        for (AuditLine line = waiting.poll(); line != null; line = waiting.poll()) {
            write(line);
        }
    }

    private void write(final AuditLine line) {
        final ByteBuffer bytes = StandardCharsets.UTF_8.encode((torn ? "\n" : "") + line.json() + "\n");
        final int length = bytes.remaining();
        try {
            openUnlessThere();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            torn = false;
        } catch (final IOException e) {
            torn |= bytes.remaining() < length;
            FAULTS.report(Level.ERROR, "the audit log " + file + " cannot be written, lines are lost", e);
            closeFile();
        }
    }

    private void openUnlessThere() throws IOException {
        if (channel != null && channel.isOpen() && isStillThere()) {
            return;
        }
        closeFile();
        channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownerOnly());
        key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private boolean isStillThere() throws IOException {
        try {
            return Objects.equals(key, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (final NoSuchFileException movedAway) {
            return false;
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    /**
     * Writes what waits and closes the file; a line that comes later opens it again. If another thread is writing for longer
     * than {@value #CLOSE_SECONDS} seconds, the file stays open.
     */
    @Override
    public void close() {
        try {
            if (!writing.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                FAULTS.report(Level.ERROR, "the audit log " + file + " does not answer and is not closed: " + waiting.size()
                        + " lines wait to be written");
                return;
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            writeAll();
            closeFile();
        } finally {
            writing.unlock();
        }
        writeUnlessAnotherDoes();
    }

    private void closeFile() {
        if (channel != null) {
            try {
                channel.close();
            } catch (final IOException e) {
                FAULTS.report(Level.WARNING, "the audit log " + file + " cannot be closed", e);
            }
            channel = null;
        }
    }
}
