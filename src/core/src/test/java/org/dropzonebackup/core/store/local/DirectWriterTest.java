package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectWriterTest {

    private static final int RUN = 1 << 20;

    @TempDir
    private Path directory;
    private Path file;
    private int block;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.createFile(directory.resolve("a"));
        assumeTrue(isPossible(), "this file system, or this system, has no direct I/O");
    }

    private boolean isPossible() throws IOException {
        try {
            FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT).close();
            block = (int) Files.getFileStore(file).getBlockSize();
            return true;
        } catch (final UnsupportedOperationException | IOException e) {
            return false;
        }
    }

    @Test
    void writesWholeBlocksAndLeavesTheRest() throws IOException {
        final ByteBuffer bytes = random(RUN + 5);
        final byte[] expected = new byte[RUN];
        bytes.get(0, expected);
        try (DirectWriter direct = direct(System::nanoTime)) {
            assertThat(direct.write(bytes, 0)).isEqualTo(RUN);
            assertThat(bytes.remaining()).isEqualTo(5);
            assertThat(direct.write(bytes, RUN)).as("what is short").isZero();
        }
        assertThat(file).hasBinaryContent(expected);
    }

    @Test
    void leavesWhatDoesNotLieInMemoryAsInTheFile() throws IOException {
        try (DirectWriter direct = direct(System::nanoTime)) {
            assertThat(direct.write(random(RUN), 1)).isZero();
            assertThat(direct.write(random(RUN).position(1), 0)).isZero();
            assertThat(direct.write(ByteBuffer.allocate(RUN), 0)).isZero();
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void leavesToTheCacheWhatFailsAndAllThatFollows() throws IOException {
        final ByteBuffer bytes = random(RUN);
        final DirectWriter direct = direct(System::nanoTime);
        assertThat(direct.write(random(RUN), 0)).isEqualTo(RUN);
        direct.close();
        assertThat(direct.write(bytes, RUN)).isZero();
        assertThat(bytes.remaining()).isEqualTo(RUN);
        assertThat(direct.write(random(RUN), 0)).isZero();
    }

    @Test
    void leavesEverythingWhereTheFileCannotBeOpenedSo() throws IOException {
        final ByteBuffer bytes = random(RUN);
        try (DirectWriter direct = direct(directory.resolve("missing"), 4096)) {
            assertThat(direct.write(bytes, 0)).isZero();
        }
        assertThat(bytes.remaining()).isEqualTo(RUN);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -4096, 0, 1000, 1 << 20, 1L << 40})
    void leavesEverythingToTheCacheWhereBlocksAreOfNoUse(final long blockSize) throws IOException {
        assertThat(DirectWriter.usable(4096)).isEqualTo(4096);
        assertThatThrownBy(() -> DirectWriter.usable(blockSize)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(Long.toString(blockSize));
        try (DirectWriter direct = direct(file, blockSize)) {
            assertThat(direct.write(random(RUN), 0)).isZero();
        }
        try (DirectWriter direct = direct(file, 4096)) {
            assertThat(direct.write(random(RUN), 0)).as("where they are").isEqualTo(RUN);
        }
    }

    @Test
    void writesToNoLinkThatTookThePlaceOfTheFile() throws IOException {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        try (DirectWriter direct = direct(link, 4096)) {
            assertThat(direct.write(random(RUN), 0)).isZero();
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void givesUpWhereTheDeviceIsSlow() throws IOException {
        final List<Integer> written = new ArrayList<>();
        try (DirectWriter direct = direct(clockOf(List.of(100, 100, 100, 100, 100, 100, 1, 1)))) {
            for (long position = 0; position < 8 * RUN; position += RUN) {
                written.add(direct.write(random(RUN), position));
            }
        }
        assertThat(written).as("58 ms too late each time").containsExactly(RUN, RUN, RUN, RUN, RUN, 0, 0, 0);
    }

    @Test
    void forgivesADeviceThatIsLateNowAndThen() throws IOException {
        try (DirectWriter direct = direct(clockOf(List.of(250, 1, 1, 1, 1, 1, 1, 250, 1)))) {
            for (long position = 0; position < 9 * RUN; position += RUN) {
                assertThat(direct.write(random(RUN), position)).isEqualTo(RUN);
            }
        }
    }

    private DirectWriter direct(final LongSupplier nanoClock) {
        return new DirectWriter(file, () -> Files.getFileStore(file).getBlockSize(), nanoClock);
    }

    private DirectWriter direct(final Path name, final long blockSize) {
        return new DirectWriter(name, () -> blockSize, System::nanoTime);
    }

    /** A clock by which one write after the other takes so many milliseconds. */
    private static LongSupplier clockOf(final List<Integer> writes) {
        final List<Long> told = new ArrayList<>(List.of(0L));
        writes.forEach(millis -> {
            final long begun = told.get(told.size() - 1);
            told.addAll(List.of(begun + TimeUnit.MILLISECONDS.toNanos(millis), begun + TimeUnit.MILLISECONDS.toNanos(millis)));
        });
        return told.iterator()::next;
    }

    /** In memory that begins where a block does. */
    private ByteBuffer random(final int size) {
        final byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return ByteBuffer.allocateDirect(size + 2 * block).alignedSlice(block).limit(size).put(content).flip();
    }
}
