package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {

    @TempDir
    private Path base;

    /** With few hashes many files have the same; with one, all. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000, Integer.MAX_VALUE})
    void areFoundByTheirHashInMemoryAndInAFileTheOldestFirst(final int hashes) throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Map<Integer, List<Long>> expected = new TreeMap<>();
        final Places places = new Places();
        final ChainFiles files = new ChainFiles(base, 1);
        Files.writeString(files.segment(1), "anything");
        for (int i = 0; i < 30_000; i++) {
            final int key = hashes - 1 - random.nextInt(hashes);
            places.add(Places.place(key, i));
            expected.computeIfAbsent(key, first -> new ArrayList<>()).add((long) i);
            if (i % 999 == 0) {
                assertThat(offsets(places.find(key))).as("seed %d", seed).isEqualTo(expected.get(key));
            }
        }
        final SealedIndex file = SealedIndex.write(files, 1, places);
        final int step = Math.max(1, expected.size() / 2000);
        int i = 0;
        for (final Map.Entry<Integer, List<Long>> each : expected.entrySet()) {
            if (i++ % step == 0) {
                assertThat(offsets(places.find(each.getKey()))).as("seed %d", seed).isEqualTo(each.getValue());
                assertThat(offsets(file.find(each.getKey()))).as("seed %d", seed).isEqualTo(each.getValue());
            }
        }
        for (final int key : new int[] {0, 1, 500, random.nextInt(Integer.MAX_VALUE), Integer.MAX_VALUE - 1, Integer.MAX_VALUE}) {
            assertThat(offsets(file.find(key))).isEqualTo(expected.getOrDefault(key, List.of()));
        }
    }

    private static List<Long> offsets(final long[] places) {
        return Arrays.stream(places).map(Places::offset).boxed().toList();
    }
}
