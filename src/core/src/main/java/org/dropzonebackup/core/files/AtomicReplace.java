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

/** Replaces the content of a small file at once: who reads it finds the old or the new one, never half of one. */
public final class AtomicReplace {

    private AtomicReplace() {
    }

    /**
     * Writes a temporary file that only its owner can read, and renames it. That the name means it then is durable only
     * after a sync of the directory.
     *
     * @param file need not exist
     * @param temporary in the same directory; must not exist, and does not afterwards
     * @param text is written in UTF-8
     * @param durable whether it waits for stable storage before it renames
     * @throws IOException if the file cannot be replaced; the old content is there then
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

    /** Writes a whole file that is there already. */
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

    /** The store of the file would say the same, after a look at the table of all that is mounted. */
    static boolean isPosix(final Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
