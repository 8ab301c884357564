package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces the content of a small file atomically: readers see the old or the new content, never a mixture. */
public final class AtomicReplace {

    private AtomicReplace() {
    }

    /**
     * Writes a temporary file that only its owner can read, and renames it. The rename is durable only after the directory
     * has been synced.
     *
     * @param file need not exist
     * @param temporary in the same directory; must not exist, and does not exist afterwards
     * @param text is written in UTF-8
     * @param durable whether the content is synced before the rename
     * @throws IOException if the file cannot be replaced; it has its old content then
     */
    public static void replace(final Path file, final Path temporary, final String text, final boolean durable)
            throws IOException {
        try {
            Files.createFile(temporary, Ownership.ownerOnly(file));
            write(temporary, text, durable);
            if (Files.exists(file) && isPosix(file)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(file));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * The same by a temporary file {@code NAME.new}, for who is the only one to write the file. What a kill has left of an earlier
     * one is removed.
     *
     * @throws IOException if the file cannot be replaced; it has its old content then
     */
    public static void replaceAlone(final Path file, final String text, final boolean durable) throws IOException {
        final Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        replace(file, temporary, text, durable);
    }

    /** Overwrites an existing file. */
    static void write(final Path file, final String text, final boolean durable) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS)) {
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (durable) {
                channel.force(true);
            }
        }
    }

    /** Whether files have POSIX permissions; faster than asking the file store, which reads the table of mounts. */
    static boolean isPosix(final Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
