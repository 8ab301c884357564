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
import java.util.Set;

/**
 * A file of {@link AuditLine}s, one JSON object a line. Each is handed to the system in one piece at the file's end, so
 * that several servers may share a file and it may be truncated under way; once it was moved away it is made anew, for
 * its owner alone. Lines are not synced. A line that cannot be written is lost, and the log says once why. Safe for
 * threads.
 */
public final class AuditLog implements AutoCloseable {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(AuditLog.class.getName()));

    private final Path file;
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

    /** Adds a line at the end. */
    public synchronized void append(final AuditLine line) {
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
            close();
        }
    }

    private void openUnlessThere() throws IOException {
        if (channel != null && channel.isOpen() && isStillThere()) {
            return;
        }
        close();
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

    /** Closes the file; a line that comes later opens it again. */
    @Override
    public synchronized void close() {
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
