package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where files arrive: a directory that is another one after each round, by the same name.
 *
 * @param path of the directory
 * @param taken counts those that were there before
 */
record Box(Path path, AtomicInteger taken) {

    private static final long LARGE = 1 << 20;

    static Box in(final Path directory) throws IOException {
        return new Box(Files.createDirectories(directory.resolve("box")), new AtomicInteger());
    }

    /**
     * Puts an empty one in its place. Large files are removed at once, small ones stay aside until all is over: ext4 looks
     * at each inode that was freed in the last minutes before it gives a new one, and whoever came next would pay for that.
     *
     * @param bytes of each file that counts
     * @return how many files of that size there were
     */
    long take(final long bytes) throws IOException {
        final UserPrincipal owner = Files.getOwner(path);
        final Path aside = Files.move(path, path.resolveSibling("taken" + taken.incrementAndGet()));
        Files.setOwner(Files.createDirectory(path), owner);
        long whole = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(aside)) {
            for (final Path file : files) {
                final long size = Files.size(file);
                whole += size == bytes ? 1 : 0;
                if (size >= LARGE) {
                    Files.delete(file);
                }
            }
        }
        return whole;
    }

    /**
     * The same where it is known how many there must be.
     *
     * @throws IOException if there were others; whatever was measured means nothing then
     */
    void take(final long count, final long bytes) throws IOException {
        final long whole = take(bytes);
        if (whole != count) {
            throw new IOException(whole + " files of " + bytes + " bytes arrived in " + path + ", and not " + count);
        }
    }
}
