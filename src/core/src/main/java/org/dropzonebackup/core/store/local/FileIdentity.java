package org.dropzonebackup.core.store.local;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** By what a file or directory is told from any other: equal objects mean the same one. */
final class FileIdentity {

    private FileIdentity() {
    }

    /**
     * The number that its file system knows it by. Where there is none, as on Windows: when a directory was made; of a file
     * also when it was changed, and its size.
     */
    static Object of(final BasicFileAttributes attributes) {
        if (attributes.fileKey() != null) {
            return attributes.fileKey();
        }
        return attributes.isDirectory() ? List.of(attributes.creationTime())
                : List.of(attributes.creationTime(), attributes.lastModifiedTime(), attributes.size());
    }
}
