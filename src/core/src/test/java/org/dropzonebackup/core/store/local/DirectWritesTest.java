package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Retainable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectWritesTest {

    private static final int RUN = 1 << 20;

    @TempDir
    private Path directory;
    private Path file;
    private FileChannel cached;
    private int block;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.createFile(directory.resolve("a"));
        cached = FileChannel.open(file, StandardOpenOption.WRITE);
        assumeTrue(isPossible(), "this file system, or this system, has no direct I/O");
    }

    @AfterEach
    void closeFile() throws IOException {
        cached.close();
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
        try (DirectWrites direct = direct(Runnable::run, System::nanoTime)) {
            assertThat(direct.write(bytes, 0, new Held())).isEqualTo(RUN);
            assertThat(bytes.remaining()).isEqualTo(5);
            assertThat(direct.write(bytes, RUN, new Held())).as("what is short").isZero();
        }
        assertThat(file).hasBinaryContent(expected);
    }

    @Test
    void leavesWhatDoesNotLieInMemoryAsInTheFile() throws IOException {
        try (DirectWrites direct = direct(Runnable::run, System::nanoTime)) {
            assertThat(direct.write(random(RUN), 1, new Held())).isZero();
            assertThat(direct.write(random(RUN).position(1), 0, new Held())).isZero();
            assertThat(direct.write(ByteBuffer.allocate(RUN), 0, new Held())).isZero();
            assertThat(direct.write(random(RUN), 0, Retainable.NEVER)).as("or cannot be held").isZero();
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void holdsTheMemoryUntilItIsWritten() throws IOException {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        final Held memory = new Held();
        try (DirectWrites direct = direct(tasks::add, System::nanoTime)) {
            assertThat(direct.write(random(RUN), 0, memory)).isEqualTo(RUN);
            assertThat(memory.holders()).isEqualTo(1);
            assertThat(file).isEmptyFile();

            tasks.remove().run();
            direct.await();
            assertThat(memory.holders()).isEqualTo(0);
            assertThat(file).hasSize(RUN);
        }
    }

    @Test
    void hasOneRunWaitBehindAnotherOnTheSameThread() throws IOException {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        final Held memory = new Held();
        try (DirectWrites direct = direct(tasks::add, System::nanoTime)) {
            direct.write(random(RUN), 0, memory);
            direct.write(random(RUN), RUN, memory);
            assertThat(memory.holders()).isEqualTo(2);
            assertThat(tasks).hasSize(1);

            tasks.remove().run();
            direct.await();
            assertThat(memory.holders()).isEqualTo(0);
            assertThat(file).hasSize(2 * RUN);
        }
    }

    @Test
    void writesByItselfWhereNobodyElseCan() throws IOException {
        final Held memory = new Held();
        try (DirectWrites direct = direct(DirectWritesTest::reject, System::nanoTime)) {
            assertThat(direct.write(random(RUN), 0, memory)).isEqualTo(RUN);
        }
        assertThat(memory.holders()).isEqualTo(0);
        assertThat(file).hasSize(RUN);
    }

    @Test
    void writesThroughTheCacheWhatFails() throws IOException {
        final ByteBuffer bytes = random(RUN);
        final byte[] expected = new byte[RUN];
        bytes.get(0, expected);
        final Queue<Runnable> tasks = new ArrayDeque<>();
        final DirectWrites direct = direct(tasks::add, System::nanoTime);
        assertThat(direct.write(bytes, 0, new Held())).isEqualTo(RUN);
        direct.close();
        tasks.remove().run();

        direct.await();
        assertThat(file).hasBinaryContent(expected);
        assertThat(direct.write(random(RUN), RUN, new Held())).as("from then on").isZero();
    }

    @Test
    void tellsOfWhatCannotBeWrittenAtAll() throws IOException {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        final Held memory = new Held();
        final DirectWrites direct = direct(tasks::add, System::nanoTime);
        direct.write(random(RUN), 0, memory);
        direct.close();
        cached.close();
        tasks.remove().run();

        assertThat(memory.holders()).isEqualTo(0);
        assertThatThrownBy(() -> direct.write(random(1), RUN, memory)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void givesTheMemoryBackWhenNoThreadCanBeHad() throws IOException {
        final Held memory = new Held();
        try (DirectWrites direct = direct(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, System::nanoTime)) {
            assertThatThrownBy(() -> direct.write(random(RUN), 0, memory)).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(memory.holders()).isEqualTo(0);
    }

    @Test
    void tellsOfAMistakeAsOfAFaultOfTheDevice() throws IOException {
        final Held memory = new Held();
        final int[] asked = {0};
        try (DirectWrites direct = direct(Runnable::run, () -> {
            if (asked[0]++ == 1) {
                throw new IllegalStateException("a mistake");
            }
            return 0;
        })) {
            assertThatThrownBy(() -> direct.write(random(RUN), 0, memory)).isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThat(direct.runs()).isCompleted();
        }
        assertThat(memory.holders()).isEqualTo(0);
    }

    @Test
    void leavesEverythingWhereTheFileCannotBeOpenedSo() throws IOException {
        final ByteBuffer bytes = random(RUN);
        try (DirectWrites direct = direct(directory.resolve("missing"), 4096)) {
            assertThat(direct.write(bytes, 0, new Held())).isZero();
        }
        assertThat(bytes.remaining()).isEqualTo(RUN);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -4096, 0, 1000, 1 << 20, 1L << 40})
    void leavesEverythingToTheCacheWhereBlocksAreOfNoUse(final long blockSize) throws IOException {
        assertThat(DirectWrites.usable(4096)).isEqualTo(4096);
        assertThatThrownBy(() -> DirectWrites.usable(blockSize)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(Long.toString(blockSize));
        try (DirectWrites direct = direct(file, blockSize)) {
            assertThat(direct.write(random(RUN), 0, new Held())).isZero();
        }
        try (DirectWrites direct = direct(file, 4096)) {
            assertThat(direct.write(random(RUN), 0, new Held())).as("where they are").isEqualTo(RUN);
        }
    }

    @Test
    void writesToNoLinkThatTookThePlaceOfTheFile() throws IOException {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        try (DirectWrites direct = direct(link, 4096)) {
            assertThat(direct.write(random(RUN), 0, new Held())).isZero();
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void givesUpWhereTheDeviceIsSlow() throws IOException {
        final List<Integer> written = new ArrayList<>();
        try (DirectWrites direct = direct(Runnable::run, clockOf(List.of(100, 100, 100, 100, 100, 100, 1, 1)))) {
            for (long position = 0; position < 8 * RUN; position += RUN) {
                written.add(direct.write(random(RUN), position, new Held()));
            }
        }
        assertThat(written).as("58 ms too late each time").containsExactly(RUN, RUN, RUN, RUN, RUN, 0, 0, 0);
    }

    @Test
    void forgivesADeviceThatIsLateNowAndThen() throws IOException {
        try (DirectWrites direct = direct(Runnable::run, clockOf(List.of(250, 1, 1, 1, 1, 1, 1, 250, 1)))) {
            for (long position = 0; position < 9 * RUN; position += RUN) {
                assertThat(direct.write(random(RUN), position, new Held())).isEqualTo(RUN);
            }
        }
    }

    private DirectWrites direct(final Executor executor, final LongSupplier nanoClock) {
        return new DirectWrites(file, () -> Files.getFileStore(file).getBlockSize(), cached, executor, nanoClock);
    }

    private DirectWrites direct(final Path name, final long blockSize) {
        return new DirectWrites(name, () -> blockSize, cached, Runnable::run, System::nanoTime);
    }

    private static void reject(final Runnable task) {
        throw new RejectedExecutionException("busy: " + task);
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
