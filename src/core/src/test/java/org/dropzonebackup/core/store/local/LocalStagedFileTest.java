package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Memory;
import org.dropzonebackup.core.store.Retainable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written by whom, and what becomes of failures. */
class LocalStagedFileTest {

    private static final int MIB = 1 << 20;
    private static final int WRITE_BACK = 32 * MIB;
    private static final int BY_CALLER = 64 * 1024;

    @TempDir
    private Path directory;
    private Path path;
    private FileChannel channel;
    private final Queue<Runnable> transfers = new ArrayDeque<>();
    private final Queue<Runnable> writeBacks = new ArrayDeque<>();
    private final Memory memory = new Memory();

    @BeforeEach
    void createFile() throws IOException {
        path = directory.resolve(".a.~tmp");
        channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Test
    void firstBytesAreWrittenByWhoeverBringsThem() throws IOException {
        final LocalStagedFile file = file(transfers::add, writeBacks::add);
        for (int i = 0; i < BY_CALLER; i += 1024) {
            file.write(random(1024), memory);
        }
        assertThat(memory.retained()).isZero();
        assertThat(path).hasSize(BY_CALLER);

        file.write(random(1), memory);
        assertThat(transfers).hasSize(1);
        assertThat(memory.holders()).isEqualTo(1);
        assertThat(path).hasSize(BY_CALLER);
        runAll(transfers);
        assertThat(memory.holders()).isZero();
        assertThat(path).hasSize(BY_CALLER + 1);
    }

    @Test
    void holdsTheMemoryOfLongRunsUntilTheyAreWritten() throws IOException {
        final LocalStagedFile file = file(transfers::add, writeBacks::add);
        file.write(random(MIB), memory);
        file.write(random(MIB), memory);
        file.write(random(1), memory);
        assertThat(memory.holders()).isEqualTo(3);
        assertThat(transfers).as("on the same thread").hasSize(1);
        assertThat(path).isEmptyFile();

        runAll(transfers);
        assertThat(memory.holders()).isZero();
        assertThat(path).hasSize(2 * MIB + 1);
    }

    @Test
    void writesByItselfWhereNobodyElseCan() throws IOException {
        final LocalStagedFile file = file(LocalStagedFileTest::reject, writeBacks::add);
        file.write(random(MIB), memory);
        assertThat(memory.holders()).isZero();
        assertThat(path).hasSize(MIB);
        file.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void writesByItselfWhereTheSystemHasNoThread() throws IOException {
        final LocalStagedFile file = file(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, writeBacks::add);
        file.write(random(MIB), memory);
        assertThat(memory.holders()).isZero();
        assertThat(path).hasSize(MIB);
    }

    @Test
    void releasesTheMemoryWhateverTheExecutorThrows() throws IOException {
        final LocalStagedFile file = file(task -> {
            throw new IllegalStateException("as a test wants it");
        }, writeBacks::add);
        file.write(random(MIB), memory);
        assertThat(memory.holders()).isZero();
        assertThat(path).hasSize(MIB);
        file.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void tellsOfWhatCannotBeWrittenAtAll() throws IOException {
        final LocalStagedFile file = file(transfers::add, writeBacks::add, System::nanoTime, Files.createFile(
                directory.resolve("another")));
        channel.close();
        file.write(random(BY_CALLER + 1), memory);
        runAll(transfers);

        assertThat(memory.holders()).isZero();
        assertThatThrownBy(() -> file.write(random(1), memory)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::sync).as("once more").isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void tellsOfAMistakeAsOfAFaultOfTheDevice() throws IOException {
        final LocalStagedFile file = file(transfers::add, writeBacks::add, () -> {
            throw new IllegalStateException("a mistake");
        }, path);
        file.write(random(MIB), memory);
        runAll(transfers);
        assertThat(memory.holders()).isZero();
        assertThatThrownBy(file::sync).isInstanceOf(IOException.class).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void isClosedByTheLastTask() throws IOException {
        final LocalStagedFile file = file(transfers::add, writeBacks::add);
        file.write(random(MIB), memory);
        file.seal();
        assertThat(channel.isOpen()).isTrue();
        runAll(transfers);
        assertThat(channel.isOpen()).isFalse();
        assertThat(path).hasSize(MIB);
        file.sync();
    }

    @Test
    void isGoneWhenItIsClosedAndNothingThatIsQueuedIsWritten() throws IOException {
        final LocalStagedFile file = file(transfers::add, writeBacks::add);
        file.write(random(MIB), memory);
        file.close();
        assertThat(path).doesNotExist();
        assertThat(channel.size()).isZero();
        assertThat(channel.isOpen()).isTrue();
        runAll(transfers);
        assertThat(memory.holders()).isZero();
        assertThat(channel.isOpen()).isFalse();
        assertThat(path).doesNotExist();
    }

    @Test
    void writeBackStartsWhenEnoughWasWrittenAndOneAtATime() throws IOException {
        final LocalStagedFile file = file(Runnable::run, writeBacks::add);
        write(file, WRITE_BACK - 1);
        assertThat(writeBacks).isEmpty();

        write(file, 1);
        write(file, WRITE_BACK);
        assertThat(writeBacks).hasSize(1);

        runAll(writeBacks);
        write(file, 1);
        assertThat(writeBacks).hasSize(1);
    }

    @Test
    void fileIsClosedOnlyWhenWriteBackIsOver() throws IOException {
        final LocalStagedFile file = file(Runnable::run, writeBacks::add);
        write(file, WRITE_BACK);
        file.close();
        assertThat(path).doesNotExist();
        assertThat(channel.isOpen()).isTrue();

        runAll(writeBacks);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void failureOfWriteBackIsToldByTheSync() throws IOException {
        final LocalStagedFile file = file(Runnable::run, writeBacks::add);
        write(file, WRITE_BACK);
        channel.close();
        runAll(writeBacks);
        assertThatThrownBy(file::sync).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void goesOnWithoutWriteBackWhenAllAreBusy() throws IOException {
        final LocalStagedFile file = file(Runnable::run, LocalStagedFileTest::reject);
        write(file, WRITE_BACK);
        file.sync();
        assertThat(channel.isOpen()).isFalse();
        assertThat(path).hasSize(WRITE_BACK);
    }

    @Test
    void goesOnWithoutWriteBackWhereTheSystemHasNoThread() throws IOException {
        final LocalStagedFile file = file(Runnable::run, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        write(file, WRITE_BACK);
        file.sync();
        assertThat(path).hasSize(WRITE_BACK);
    }

    private LocalStagedFile file(final Executor transfer, final Executor writeBack) {
        return file(transfer, writeBack, System::nanoTime, path);
    }

    private LocalStagedFile file(final Executor transfer, final Executor writeBack, final LongSupplier nanoClock, final Path name) {
        final Staging staging = new Staging(new StagingNames(".~tmp"), new Durability(true),
                PosixFilePermissions.fromString("rw-r-----"), transfer, writeBack);
        return new LocalStagedFile(name, staging, channel, 0, nanoClock);
    }

    /** Through the system's cache. */
    private static void write(final LocalStagedFile file, final int bytes) throws IOException {
        file.write(ByteBuffer.allocate(bytes), Retainable.NEVER);
    }

    private static void runAll(final Queue<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static void reject(final Runnable task) {
        throw new RejectedExecutionException("busy: " + task);
    }

    /** In memory that begins where a block does. */
    private static ByteBuffer random(final int size) {
        final byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return ByteBuffer.allocateDirect(size + 8192).alignedSlice(4096).limit(size).put(content).flip();
    }
}
