package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Fills memory with pages of a file that nobody needs, as that of any machine that has been at work for a while is full of
 * some. What is written then takes their place. In memory that was free, the host of a virtual machine may first have to find
 * some for each page that is touched, and that takes longer than all that a server does with it.
 */
final class Ballast {

    private static final int BUFFER = 1 << 20;

    private final Path file;

    /**
     * @param file of holes, that is made; takes no room on the device
     * @param bytes how much memory it is to fill
     */
    Ballast(final Path file, final long bytes) throws IOException {
        this.file = file;
        try (RandomAccessFile holes = new RandomAccessFile(file.toFile(), "rw")) {
            holes.setLength(bytes);
        }
    }

    /** Puts it where memory became free. */
    void fill() throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                buffer.clear();
            }
        }
    }
}
