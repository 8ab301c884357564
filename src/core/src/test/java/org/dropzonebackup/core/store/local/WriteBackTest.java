package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBackTest {

    private static final int ENOUGH = 32 << 20;

    @TempDir
    private Path directory;
    private FileChannel channel;
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(directory.resolve("a"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void startsWhenEnoughWasWrittenAndOneAtATime() {
        final WriteBack writeBack = new WriteBack(channel, tasks::add);
        writeBack.written(ENOUGH - 1);
        assertThat(tasks).isEmpty();

        writeBack.written(1);
        writeBack.written(ENOUGH);
        assertThat(tasks).hasSize(1);

        tasks.remove().run();
        writeBack.written(1);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void closesTheFileOnlyWhenNothingIsUnderWay() throws IOException {
        final WriteBack writeBack = new WriteBack(channel, tasks::add);
        writeBack.written(ENOUGH);
        writeBack.close(CompletableFuture.completedStage(null), channel);
        assertThat(channel.isOpen()).isTrue();

        tasks.remove().run();
        writeBack.await();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tellsOfAFailureToWhoWaits() throws IOException {
        final WriteBack writeBack = new WriteBack(channel, Runnable::run);
        channel.close();
        writeBack.written(ENOUGH);

        assertThatThrownBy(writeBack::await).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void goesOnWithoutWhenAllAreBusy() throws IOException {
        final WriteBack writeBack = new WriteBack(channel, task -> {
            throw new RejectedExecutionException();
        });
        writeBack.written(ENOUGH);
        writeBack.close(CompletableFuture.completedStage(null), channel);
        writeBack.await();

        assertThat(channel.isOpen()).isFalse();
    }
}
