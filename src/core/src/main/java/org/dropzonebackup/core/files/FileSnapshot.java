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
 * What a file looked like when it was about to be read, to tell later whether it has changed. Immutable.
 *
 * <p>A file that had been modified just before may be modified again within the same tick of the file system's clock,
 * and look the same: such a snapshot says that the file may have changed, until it is taken anew.
 */
public final class FileSnapshot {

    private static final Duration COARSEST_TICK = Duration.ofMillis(2500);

    private final FileTime modified;
    private final long size;
    private final Object key;
    private final boolean tooFresh;

    private FileSnapshot(final BasicFileAttributes attributes, final Instant taken) {
        modified = attributes.lastModifiedTime();
        size = attributes.size();
        key = attributes.fileKey();
        tooFresh = modified.toInstant().isAfter(taken.minus(COARSEST_TICK));
    }

    /**
     * Looks at a file; to be called before reading it.
     *
     * @param now by the clock that the file system uses
     * @throws IOException if the file cannot be looked at
     */
    public static FileSnapshot of(final Path file, final Instant now) throws IOException {
        return new FileSnapshot(Files.readAttributes(file, BasicFileAttributes.class), now);
    }

    /** Whether a file that looks like {@code later} may have another content than when this was taken. */
    public boolean mayDifferFrom(final FileSnapshot later) {
        return tooFresh || size != later.size || !modified.equals(later.modified) || !Objects.equals(key, later.key);
    }
}
