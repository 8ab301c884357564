package org.dropzonebackup.core.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.dropzonebackup.core.files.Sha256;

/**
 * Where in a segment entries of which file are, each as one number: 31 bits of a hash of the file's path, then the offset of
 * the line. So numbers sort by file and then by age. Several files may have the same hash. For the segment that is written: a
 * sorted part, and what was added since, which is short enough to be looked through.
 */
final class Places {

    private static final int UNSORTED = 4096;

    private long[] places = new long[UNSORTED];
    private int count;
    private int sorted;

    /** The hash of a file. */
    static int key(final String directory, final String path) {
        return ByteBuffer.wrap(Sha256.of((directory + '\0' + path).getBytes(StandardCharsets.UTF_8))).getInt() >>> 1;
    }

    static long place(final int key, final long offset) {
        return (long) key << Integer.SIZE | Math.toIntExact(offset);
    }

    static boolean has(final int key, final long place) {
        return place >>> Integer.SIZE == key;
    }

    static long offset(final long place) {
        return (int) place;
    }

    /** Adds a place that comes after all of the same file. */
    void add(final long place) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count + count / 2);
        }
        places[count++] = place;
        if (count - sorted == UNSORTED) {
            sort();
        }
    }

    private void sort() {
        Arrays.sort(places, 0, count);
        sorted = count;
    }

    /** All, sorted. */
    long[] sorted() {
        sort();
        return Arrays.copyOf(places, count);
    }

    /** The places of a hash, the oldest first. */
    long[] find(final int key) {
        final int found = Arrays.binarySearch(places, 0, sorted, place(key, 0));
        final int from = found < 0 ? -found - 1 : found;
        return LongStream.concat(Arrays.stream(places, from, sorted).takeWhile(place -> has(key, place)),
                Arrays.stream(places, sorted, count).filter(place -> has(key, place))).toArray();
    }
}
