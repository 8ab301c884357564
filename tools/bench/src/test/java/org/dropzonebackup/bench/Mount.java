package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A file system that is there for one test. Skips the test where mounting is not allowed. */
final class Mount implements AutoCloseable {

    private final Path point;
    private final String loop;

    private Mount(final Path point, final String loop) {
        this.point = point;
        this.loop = loop;
    }

    /** In memory. */
    static Mount tmpfs(final Path point, final String options) throws IOException, InterruptedException {
        Machine.need("mount", "-t", "tmpfs", "-o", options, "tmpfs", point.toString());
        return new Mount(point, "");
    }

    /**
     * Without hard links and symbolic links, and the same whether letters are great or small.
     *
     * @param image where its bytes are
     */
    static Mount exfat(final Path point, final Path image) throws IOException, InterruptedException {
        Machine.needs("mkfs.exfat", "mount.exfat-fuse", "losetup");
        Machine.need("truncate", "-s", "16M", image.toString());
        Machine.need("mkfs.exfat", image.toString());
        final String loop = Machine.need("losetup", "--find", "--show", image.toString());
        try {
            Machine.need("mount.exfat-fuse", loop, point.toString());
        } catch (final RuntimeException | AssertionError e) {
            Machine.need("losetup", "-d", loop);
            throw e;
        }
        return new Mount(point, loop);
    }

    void remount(final String how) throws IOException, InterruptedException {
        Machine.need("mount", "-o", "remount," + how, point.toString());
    }

    @Override
    public void close() throws IOException {
        try {
            Machine.need("umount", point.toString());
            if (!loop.isEmpty()) {
                Machine.need("losetup", "-d", loop);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
