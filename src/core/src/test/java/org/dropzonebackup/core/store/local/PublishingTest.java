package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.SpaceLedger;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two requests at a time, each of two files, for one directory and one quota. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PublishingTest {

    private static final FileName.Rules NAMES = new FileName.Rules(".~tmp", false);
    private static final Configuration WITHOUT_LINKS = Configuration.unix().toBuilder()
            .setSupportedFeatures(Feature.SECURE_DIRECTORY_STREAM, Feature.FILE_CHANNEL).build();
    private static final int ROUNDS = 100;

    @Test
    void waitForEachOtherWithoutKeepingTheOtherFromItsQuota(@TempDir final Path base) throws Exception {
        publishBesideEachOther(base, true);
    }

    @Test
    void doSoWithoutHardLinks() throws Exception {
        try (FileSystem files = Jimfs.newFileSystem(WITHOUT_LINKS)) {
            publishBesideEachOther(files.getPath("/store"), false);
        }
    }

    private static void publishBesideEachOther(final Path base, final boolean replace) throws Exception {
        final Path box = Files.createDirectories(base.resolve("alice"));
        final LocalStore store = new LocalStore(base, ".~tmp", false, false, Runnable::run);
        final Directory counted = store.open("alice");
        final SpaceLedger quota = new SpaceLedger(counted::usage, System::nanoTime);
        final long limit = 4 * ROUNDS + 1;
        for (int round = 0; round < ROUNDS; round++) {
            final String[] one = {"a" + round, "b" + round};
            final String[] other = {"c" + round, "d" + round};
            final CyclicBarrier together = new CyclicBarrier(2);
            final FutureTask<Void> beside = new FutureTask<>(() -> {
                together.await();
                publish(store, quota, limit, replace, other);
                return null;
            });
            new Thread(beside, "beside").start();
            together.await();
            publish(store, quota, limit, replace, one);
            beside.get();
            assertThat(names(box)).contains(one).contains(other).hasSize(4 * (round + 1));
        }
        assertThat(quota.tryReserve(2, limit)).isFalse();
        assertThat(quota.tryReserve(1, limit)).isTrue();
    }

    @Test
    void nothingIsLostWithoutHardLinksIfOneNameIsTaken() throws Exception {
        try (FileSystem files = Jimfs.newFileSystem(WITHOUT_LINKS)) {
            final Path box = Files.createDirectories(files.getPath("/store/alice"));
            Files.writeString(box.resolve("b"), "there");
            final Directory directory = new LocalStore(files.getPath("/store"), ".~tmp", false, false, Runnable::run).open("alice");
            try (StagedFile one = staged(directory, "1"); StagedFile other = staged(directory, "2")) {
                for (final boolean replace : new boolean[] {false, true}) {
                    assertThat(catchThrowable(() -> directory.publish(
                            List.of(publication(one, "a", replace), publication(other, "b", replace)), Action::run)))
                                    .isInstanceOf(NameTakenException.class);
                    assertThat(names(box)).contains("b").doesNotContain("a");
                }
                directory.publish(List.of(publication(one, "c", false), publication(other, "d", false)), Action::run);
            }
            assertThat(names(box)).containsExactlyInAnyOrder("b", "c", "d");
            assertThat(Files.readString(box.resolve("b"))).isEqualTo("there");
            assertThat(Files.readString(box.resolve("c"))).isEqualTo("1");
        }
    }

    private static void publish(final LocalStore store, final SpaceLedger quota, final long limit, final boolean replace,
            final String... names) throws Exception {
        final Directory directory = store.open("alice");
        final List<Publication> publications = new ArrayList<>();
        try {
            for (final String name : names) {
                assertThat(quota.tryReserve(1, limit)).isTrue();
                publications.add(publication(staged(directory, "x"), name, replace));
            }
            quota.settle(names.length, names.length, () -> directory.publish(publications, Action::run));
        } finally {
            for (final Publication each : publications) {
                each.file().close();
            }
        }
    }

    private static StagedFile staged(final Directory directory, final String content) throws IOException {
        final StagedFile file = directory.stage();
        file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
        file.seal();
        return file;
    }

    private static Publication publication(final StagedFile file, final String name, final boolean replace) throws Exception {
        return new Publication(file, FilePath.of(NAMES.name(name)), replace);
    }

    private static List<String> names(final Path box) throws IOException {
        try (var files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
