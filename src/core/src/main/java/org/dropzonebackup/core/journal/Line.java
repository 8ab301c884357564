package org.dropzonebackup.core.journal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An entry as it stands in a chain. Immutable.
 *
 * @param chain its number
 * @param seq the number of the line in the chain, from 1
 * @param time when it was written, by the server's clock, in milliseconds
 * @param entry what it tells
 * @param prev the hash of the line before; {@link #NONE} for the first
 * @param hash SHA-256 of the line without its end, in hexadecimal: the head of the chain as long as it is the last line
 */
public record Line(int chain, long seq, Instant time, Entry entry, String prev, String hash) {

    /** What stands for the hash before the first line. */
    public static final String NONE = "0".repeat(64);

    /**
     * The file that the entry is about.
     *
     * @throws java.util.NoSuchElementException if it is about none, which no line is that was found by a file's path
     */
    public FileFacts file() {
        return entry.file().orElseThrow();
    }

    /**
     * Whether the entry is of a file as it is now. A file of another size, or one that was changed later, is another file.
     *
     * @param changed when the file was last changed
     */
    public boolean isOf(final long size, final Instant changed) {
        return file().size() == size && !changed.truncatedTo(ChronoUnit.MILLIS).isAfter(time);
    }
}
