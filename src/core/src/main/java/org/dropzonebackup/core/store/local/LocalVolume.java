package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dropzonebackup.core.store.Directory.Capacity;

/**
 * The file system that a directory is in. It is known by its device, and not by Java's {@code FileStore}, which there is only
 * for what the table of mounts lists: a root directory that was entered by {@code chroot} is not in it.
 */
final class LocalVolume implements Capacity {

    private final Object device;
    private final Path directory;

    private LocalVolume(final Object device, final Path directory) {
        this.device = device;
        this.directory = directory;
    }

    /** @param directory in it */
    static LocalVolume of(final Path directory) throws IOException {
        final boolean numbered = directory.getFileSystem().supportedFileAttributeViews().contains("unix");
        return new LocalVolume(numbered ? Files.getAttribute(directory, "unix:dev") : Files.getFileStore(directory), directory);
    }

    /** Whether the numbers by which it knows files may change while it is mounted: its program may give them as it likes. */
    boolean renumbers() {
        try {
            return Files.getFileStore(directory).type().startsWith("fuse");
        } catch (final IOException notListed) {
            return false;
        }
    }

    @Override
    public long usable() throws IOException {
        final long bytes = directory.toFile().getUsableSpace();
        if (bytes == 0) {
            // That is also said of a directory that is gone, which is no lack of space
            LocalDirectory.attributes(directory);
        }
        return bytes;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof LocalVolume volume && device.equals(volume.device);
    }

    @Override
    public int hashCode() {
        return device.hashCode();
    }
}
