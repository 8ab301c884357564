package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Memory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publication in directories that others change too, links and all. */
class LocalPublicationTest {

    @TempDir
    private Path base;
    private Path box;
    private LocalStore store;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
        store = new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    @Test
    void twoNamesOfOneFileAreOneNameToTheSameRequest() throws Exception {
        final Directory directory = open();
        try (StagedFile first = staged(directory, "first"); StagedFile second = staged(directory, "second")) {
            Files.createLink(box.resolve("A"), ((LocalStagedFile) first).path());

            assertThatThrownBy(() -> directory.publish(List.of(new Publication(first, path("a"), true),
                    new Publication(second, path("A"), true)), Action::run)).isInstanceOf(NameTakenException.class);
        }
        assertThat(box.resolve("a")).doesNotExist();
    }

    /** As after a link whose answer was lost on a network. */
    @Test
    void nameThatMeansThisFileAlreadyIsPublished() throws Exception {
        final Directory directory = open();
        try (StagedFile file = staged(directory, "ours")) {
            Files.createLink(box.resolve("a"), box.resolve(names().get(0)));
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertThat(box.resolve("a")).hasContent("ours");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void nameThatMeansThisFileAlreadyIsWithdrawnWithTheOthers() throws Exception {
        Files.createDirectory(box.resolve("b"));
        final Directory directory = open();
        try (StagedFile file = staged(directory, "ours"); StagedFile other = staged(directory, "other")) {
            Files.createLink(box.resolve("a"), ((LocalStagedFile) file).path());
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(file, path("a"), false),
                    new Publication(other, path("b"), false)), Action::run)).isInstanceOf(NameTakenException.class);
        }
        assertThat(names()).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void undoingLeavesAloneWhatSomebodyElsePutUnderTheName(final boolean replaced) throws Exception {
        if (replaced) {
            Files.writeString(box.resolve("a"), "old");
        }
        final StagingNames names = new StagingNames(".~tmp");
        try (LocalStagedFile file = (LocalStagedFile) staged(open(), "ours")) {
            final PublishedName name = new PublishedName(file, box.resolve("a"), box, names);
            assertThat(name.replace(Set.of()) || name.link()).isTrue();
            assertThat(box.resolve("a")).hasContent("ours");
            replaceByHand("a", "theirs");
            name.withdraw();
        }
        assertThat(box.resolve("a")).hasContent("theirs");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void whatWasDoneThoughItFailedIsUndone() throws Exception {
        try (LocalStagedFile file = (LocalStagedFile) staged(open(), "ours")) {
            Files.createDirectory(box.resolve("a"));
            final PublishedName name = new PublishedName(file, box.resolve("a"), box, new StagingNames(".~tmp"));
            assertThatThrownBy(name::link).isInstanceOf(FileAlreadyExistsException.class);
            Files.delete(box.resolve("a"));
            Files.createLink(box.resolve("a"), file.path());
            name.withdraw();
            assertThat(box.resolve("a")).doesNotExist();
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void nobodyReplacesWhatMayStillBeUndone() throws Exception {
        Files.writeString(box.resolve("a"), "old");
        final Staging staging = staging();
        final FutureTask<Void> second = new FutureTask<>(() -> {
            try (LocalStagedFile file = LocalStagedFile.create(box, staging)) {
                new Publishing(box, staging, false).publish(List.of(new Publication(file, path("a"), true)), Action::run);
            }
            return null;
        });
        final Thread thread = new Thread(second);
        staging.replaceLock(box).lock();
        try {
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(box.resolve("a")).hasContent("old");
        } finally {
            staging.replaceLock(box).unlock();
        }
        second.get(10, TimeUnit.SECONDS);
        assertThat(box.resolve("a")).isEmptyFile();
    }

    @Test
    void nothingIsUndoneWhenItIsDone() throws Exception {
        Files.writeString(box.resolve("a"), "old");
        final Staging staging = staging();
        final Path name = box.resolve(".b.~tmp");
        try (LocalStagedFile file = LocalStagedFile.create(box, staging);
                LocalStagedFile faulty = new LocalStagedFile(name, staging, staging.create(name), 0) {
                    @Override
                    void published() {
                        throw new StackOverflowError("as a test wants it");
                    }
                }) {
            file.write(ByteBuffer.wrap(new byte[] {'1'}), Retainable.NEVER);
            assertThatThrownBy(() -> new Publishing(box, staging, false).publish(
                    List.of(new Publication(faulty, path("b"), true), new Publication(file, path("a"), true)), Action::run))
                            .isInstanceOf(StackOverflowError.class);
        }
        assertThat(box.resolve("a")).hasContent("1");
        assertThat(box.resolve("b")).isEmptyFile();
    }

    /** Two servers that may replace files: neither is told that a name is taken. */
    @Test
    void replacesWhatAnotherServerHasPublishedMeanwhile() throws Exception {
        final LocalStore other = new LocalStore(base, ".~tmp", false, false, Runnable::run);
        store = new LocalStore(base, ".~tmp", false, false, Runnable::run);
        for (int round = 0; round < 300; round++) {
            final FilePath path = path("a" + round);
            final CyclicBarrier together = new CyclicBarrier(2);
            final FutureTask<Void> beside = new FutureTask<>(() -> replace(other, path, together));
            new Thread(beside, "another server").start();
            replace(store, path, together);
            beside.get();
        }
        assertThat(names()).hasSize(300);
    }

    private static Void replace(final LocalStore server, final FilePath path, final CyclicBarrier together) throws Exception {
        final Directory directory = server.open("alice");
        try (StagedFile file = staged(directory, "content")) {
            together.await();
            directory.publish(List.of(new Publication(file, path, true)), Action::run);
        }
        return null;
    }

    private static Staging staging() {
        return new Staging(new StagingNames(".~tmp"), new Durability(false), PosixFilePermissions.fromString("rw-r-----"),
                Runnable::run, Runnable::run);
    }

    /** Else a request that waits for a thread would keep others from replacing anything. */
    @Test
    void nothingIsLockedWhenItEnds() throws Exception {
        Files.createDirectory(box.resolve("a"));
        final Directory directory = open();
        try (StagedFile refused = staged(directory, "ours"); StagedFile other = staged(directory, "other")) {
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(refused, path("a"), true)), Action::run))
                    .isInstanceOf(NameTakenException.class);
            assertTimeoutPreemptively(Duration.ofSeconds(10),
                    () -> directory.publish(List.of(new Publication(other, path("b"), true)), Action::run));
        }
        assertThat(names()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void directoriesOfAPathAreTheServersAlone() throws Exception {
        final Directory directory = open();
        try (StagedFile file = staged(directory, "content")) {
            directory.publish(List.of(new Publication(file, path("a", "b", "c"), false)), Action::run);
        }
        assertThat(box.resolve("a/b/c")).hasContent("content");
        for (final String made : List.of("a", "a/b")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(box.resolve(made)))).startsWith("rwx").endsWith("---");
        }
    }

    @Test
    void noDirectoryOfAPathIsALink() throws Exception {
        final Path outside = Files.createDirectory(base.resolve("outside"));
        Files.createSymbolicLink(box.resolve("link"), outside);
        Files.createDirectory(box.resolve("a"));
        Files.createSymbolicLink(box.resolve("a/link"), outside);
        final Directory directory = open();
        for (final FilePath path : List.of(path("link", "x"), path("a", "link", "x"), path("a", "link", "b", "x"))) {
            try (StagedFile file = staged(directory, "ours")) {
                assertThatThrownBy(() -> directory.publish(List.of(new Publication(file, path, true)), Action::run))
                        .isInstanceOf(NameTakenException.class);
            }
            assertThat(directory.find(path).filter(StoredFile::isFile)).isEmpty();
        }
        assertThat(outside).isEmptyDirectory();
        Files.writeString(outside.resolve("file"), "not counted");
        assertThat(directory.usage()).isZero();
    }

    @Test
    void neverReplacesWhatIsNoFile() throws Exception {
        final Path outside = Files.writeString(base.resolve("outside"), "untouched");
        Files.createSymbolicLink(box.resolve("link"), outside);
        Files.createSymbolicLink(box.resolve("dangling"), base.resolve("nowhere"));
        Files.createDirectory(box.resolve("directory"));
        for (final String name : List.of("link", "dangling", "directory")) {
            for (final boolean replace : new boolean[] {true, false}) {
                final Directory directory = open();
                try (StagedFile file = staged(directory, "ours")) {
                    assertThatThrownBy(() -> directory.publish(List.of(new Publication(file, path(name), replace)), Action::run))
                            .isInstanceOf(NameTakenException.class);
                }
            }
        }
        assertThat(outside).hasContent("untouched");
        assertThat(base.resolve("nowhere")).doesNotExist();
        assertThat(names()).containsExactlyInAnyOrder("link", "dangling", "directory");
    }

    @Test
    void replacingAHardLinkLeavesTheOtherNameOfTheFileAlone() throws Exception {
        final Path outside = Files.writeString(base.resolve("outside"), "untouched");
        Files.createLink(box.resolve("a"), outside);
        final Directory directory = open();
        try (StagedFile file = staged(directory, "ours")) {
            directory.publish(List.of(new Publication(file, path("a"), true)), Action::run);
        }
        assertThat(outside).hasContent("untouched");
        assertThat(box.resolve("a")).hasContent("ours");
    }

    @Test
    void nothingIsStagedInALinkThatTookTheDirectorysPlace() throws Exception {
        final Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
        final Directory directory = open();
        Files.move(box, base.resolve("away"));
        Files.createSymbolicLink(box, elsewhere);

        assertThatThrownBy(directory::stage).isInstanceOf(DirectoryUnusableException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void nothingIsLeftStagedWhereItCannotBeToldWhetherTheDirectoryIsStillThere() throws Exception {
        final Object unknown = new Object() {
            @Override
            public boolean equals(final Object other) {
                throw new IllegalStateException("as a test wants it");
            }

            @Override
            public int hashCode() {
                return 0;
            }
        };
        final Directory directory = new LocalDirectory(new Place(box.toRealPath(), unknown, LocalVolume.of(box)), staging(),
                base.resolve(".dropzone"), false);
        assertThatThrownBy(directory::stage).isInstanceOf(IllegalStateException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void nothingIsPublishedThroughALinkThatTookTheDirectorysPlace() throws Exception {
        final Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
        for (final boolean replace : new boolean[] {true, false}) {
            final Path away = base.resolve("away-" + replace);
            final Directory directory = open();
            try (StagedFile file = staged(directory, "ours")) {
                Files.move(box, away);
                Files.createSymbolicLink(box, elsewhere);
                assertThatThrownBy(() -> directory.publish(List.of(new Publication(file, path("a"), replace)), Action::run))
                        .isInstanceOf(IOException.class);
            }
            assertThat(elsewhere).isEmptyDirectory();
            Files.delete(box);
            Files.move(away, box);
        }
    }

    @Test
    void storesTheSameWhicheverWayEachPieceTakesToTheDevice() throws Exception {
        final Random random = new Random(7);
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final Memory held = new Memory();
        final Directory directory = open();
        final ByteBuffer memory = ByteBuffer.allocateDirect((2 << 20) + 4096).alignedSlice(4096);
        try (StagedFile file = directory.stage()) {
            for (int i = 0; i < 24; i++) {
                // Now and then as long as brings the file to the end of a block again, or as ends somewhere in one
                final byte[] piece = new byte[i % 3 == 0 ? (2 << 20) - all.size() % 4096 : random.nextInt(1 << 20)];
                random.nextBytes(piece);
                all.writeBytes(piece);
                file.write(memory.clear().put(piece).flip(), held);
                assertThat(held.holders()).isZero();
            }
            file.sync();
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertThat(box.resolve("a")).hasBinaryContent(all.toByteArray());
    }

    private Directory open() throws IOException {
        return store.open("alice");
    }

    private static StagedFile staged(final Directory directory, final String content) throws IOException {
        final StagedFile file = directory.stage();
        file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
        file.sync();
        return file;
    }

    private void replaceByHand(final String name, final String content) throws IOException {
        Files.move(Files.writeString(base.resolve("by hand"), content), box.resolve(name),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static FilePath path(final String... names) throws RefusedException {
        final List<FileName> parsed = new ArrayList<>();
        for (final String name : names) {
            parsed.add(new FileName.Rules(".~tmp", false).name(name));
        }
        return new FilePath(parsed);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
