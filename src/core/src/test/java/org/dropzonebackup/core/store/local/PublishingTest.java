package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.Reservation;
import org.dropzonebackup.core.policy.SpaceLedger;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedUpload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two requests, each of two files, for one directory and one quota. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PublishingTest {

    private static final FileName.Rules NAMES = new FileName.Rules(".~tmp", false);

    @Test
    void waitsForAnotherRequestWithoutKeepingThatFromItsQuota(@TempDir final Path base) throws Exception {
        publishBesideEachOther(base, true);
    }

    @Test
    void doesSoWithoutHardLinks() throws Exception {
        final Configuration withoutLinks = Configuration.unix().toBuilder()
                .setSupportedFeatures(Feature.SECURE_DIRECTORY_STREAM, Feature.FILE_CHANNEL).build();
        try (FileSystem files = Jimfs.newFileSystem(withoutLinks)) {
            publishBesideEachOther(files.getPath("/work"), false);
        }
    }

    private static void publishBesideEachOther(final Path base, final boolean replace) throws Exception {
        final Path box = Files.createDirectories(base.resolve("alice"));
        final LocalStore store = new LocalStore(base, ".~tmp", false, false, Runnable::run);
        final Directory counted = store.open("alice");
        final SpaceLedger quota = new SpaceLedger(counted::usage, System::nanoTime);
        try (Request one = new Request(store, quota, replace, "a", "b"); Request other = new Request(store, quota, replace, "c", "d")) {
            one.publish(0);
            final FutureTask<Void> waiting = new FutureTask<>(() -> {
                other.publish(0);
                other.publish(1);
                other.confirm();
                return null;
            });
            final Thread thread = new Thread(waiting, "other");
            thread.start();
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            one.publish(1);
            assertThat(names(box)).contains("a", "b").doesNotContain("c", "d");
            one.confirm();
            waiting.get();
            assertThat(names(box)).containsExactlyInAnyOrder("a", "b", "c", "d");
        }
        try (Reservation rest = new Reservation(quota, 5)) {
            assertThat(rest.grow(2)).isFalse();
            assertThat(rest.grow(1)).isTrue();
        }
    }

    private static List<String> names(final Path box) throws IOException {
        try (var files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Files of a byte each, reserved. */
    private static final class Request implements AutoCloseable {

        private final boolean replace;
        private final String[] names;
        private final List<StagedUpload> files = new ArrayList<>();
        private final Reservation room;

        Request(final LocalStore store, final SpaceLedger quota, final boolean replace, final String... names) throws Exception {
            this.replace = replace;
            this.names = names;
            this.room = new Reservation(quota, 5);
            final Directory directory = store.open("alice");
            for (final String name : names) {
                assertThat(room.grow(1)).isTrue();
                final StagedUpload file = directory.stage();
                file.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
                file.seal();
                files.add(file);
            }
        }

        void publish(final int number) throws Exception {
            room.settle(1, 1, () -> files.get(number).publish(NAMES.parse(names[number]), replace));
        }

        void confirm() throws IOException {
            for (final StagedUpload file : files) {
                file.confirm();
            }
        }

        @Override
        public void close() throws IOException {
            for (final StagedUpload file : files) {
                file.close();
            }
            room.close();
        }
    }
}
