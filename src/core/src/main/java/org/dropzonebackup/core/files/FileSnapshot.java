package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The attributes of a file before it was read, by which a later change is noticed. Immutable.
 *
 * <p>A file that was modified a moment ago may be modified again within the same tick of the file system's clock, and look
 * the same. The snapshot of such a file says that the file may have changed, until a new snapshot is taken.
 *
 * @param key identifies the file; null where files have no such key
 * @param racy whether the file was modified too shortly before
 */
public record FileSnapshot(FileTime modified, long size, Object key, boolean racy) {

    private static final Duration COARSEST_TICK = Duration.ofMillis(2500);

    /**
     * Takes a snapshot; to be called before the file is read.
     *
     * @param now by the clock that the file system uses
     * @throws IOException if the attributes cannot be read
     */
    public static FileSnapshot of(final Path file, final Instant now) throws IOException {
        final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        final FileTime modified = attributes.lastModifiedTime();
        return new FileSnapshot(modified, attributes.size(), attributes.fileKey(),
                modified.toInstant().isAfter(now.minus(COARSEST_TICK)));
    }

    /** Whether the content may have changed between this snapshot and a later one. */
    public boolean mayDifferFrom(final FileSnapshot later) {
        return racy || size != later.size || !modified.equals(later.modified) || !Objects.equals(key, later.key);
    }
}
