package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What was found out about a directory. Immutable.
 *
 * @param path without links
 * @param identity of the directory
 * @param volume where it lies
 */
record Place(Path path, Object identity, LocalVolume volume) {

    /** Takes several calls to the system. */
    static Place of(final Path directory, final Object identity) throws IOException {
        final Path path = directory.toRealPath();
        return new Place(path, identity, LocalVolume.of(path));
    }

    /** Whether the directory is still there, and neither a link to it nor another one in its place. */
    boolean isStillThere() throws IOException {
        return LocalDirectory.look(path)
                .filter(now -> now.isDirectory() && identity.equals(FileIdentity.of(now))).isPresent();
    }
}
