package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories below that of a user, which others change too, links, pipes and crashes and all. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalPathTest {

    private static final FileName.Rules NAMES = new FileName.Rules(".~tmp", false);
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    private static final int SWAPS = 300;
    private static final int SECRET = 1 << 20;

    @TempDir
    private Path base;
    private Path box;
    private Path outside;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
        outside = Files.createDirectory(base.resolve("outside"));
    }

    private enum Obstacle {
        LINK_TO_A_DIRECTORY, LINK_TO_A_FILE, LINK_TO_NOTHING, PIPE, FILE
    }

    @ParameterizedTest
    @EnumSource
    void leadsThroughNothingButDirectories(final Obstacle obstacle) throws Exception {
        Files.createDirectories(outside.resolve("b/c"));
        final Path file = Files.writeString(base.resolve("file"), "untouched");
        final String[] levels = {"a", "a/b", "a/b/c", "a/b/c/d"};
        for (final String level : levels) {
            final Path at = box.resolve(level);
            Files.createDirectories(at.getParent());
            switch (obstacle) {
                case LINK_TO_A_DIRECTORY -> Files.createSymbolicLink(at, outside);
                case LINK_TO_A_FILE -> Files.createSymbolicLink(at, file);
                case LINK_TO_NOTHING -> Files.createSymbolicLink(at, base.resolve("nowhere"));
                case PIPE -> assertThat(new ProcessBuilder("mkfifo", at.toString()).start().waitFor()).isZero();
                default -> Files.writeString(at, "untouched");
            }
            for (final boolean replace : new boolean[] {false, true}) {
                // A file may be replaced by one, and by nothing else
                if (!(replace && obstacle == Obstacle.FILE && level.equals("a/b/c/d"))) {
                    assertThatThrownBy(() -> put(open(), path("a/b/c/d"), replace, "ours"))
                            .isInstanceOfSatisfying(NameTakenException.class, e -> assertThat(e.taken()).hasToString(level));
                }
            }
            final boolean stored = obstacle == Obstacle.FILE && level.equals("a/b/c/d");
            assertThat(open().find(path("a/b/c/d"))).map(StoredFile::isFile).contains(stored);
            assertThat(open().names(path("a/b/c/x"), "")).hasSize(stored ? 1 : 0);
            assertThat(open().usage()).isEqualTo(obstacle == Obstacle.FILE ? 9 : 0);
            Files.delete(at);
        }
        assertThat(tree(outside)).containsExactlyInAnyOrder("b", "b/c");
        assertThat(file).hasContent("untouched");
        assertThat(base.resolve("nowhere")).doesNotExist();
        assertThat(tree(box)).containsExactlyInAnyOrder("a", "a/b", "a/b/c");
    }

    /** Somebody who may write there swaps a directory for a link while files are stored and looked for. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b"})
    void leadsThroughNoLinkThatTakesADirectorysPlaceMeanwhile(final String level) throws Exception {
        Files.createDirectories(outside.resolve("b"));
        Files.writeString(outside.resolve("b/secret"), "x".repeat(SECRET));
        Files.writeString(outside.resolve("secret"), "x".repeat(SECRET));
        final Path linked = box.resolve(level);
        Files.createDirectories(box.resolve("a/b"));
        final AtomicBoolean end = new AtomicBoolean();
        final FutureTask<Integer> swapping = new FutureTask<>(() -> swap(linked, end));
        new Thread(swapping, "swapping").start();
        final List<String> stored = new ArrayList<>();
        int refused = 0;
        final Directory directory = new LocalStore(base, ".~tmp", false, false, Runnable::run).open("alice");
        for (int i = 0; i < SWAPS && !swapping.isDone(); i++) {
            try {
                put(directory, path("a/b/c" + i), i % 2 == 0, "ours");
                stored.add("c" + i);
            } catch (final NameTakenException | IOException e) {
                refused++;
            }
            assertThat(directory.find(path("a/b/secret")).filter(StoredFile::isFile)).isEmpty();
            assertThat(directory.names(path("a/b/x"), "secret")).isEmpty();
            if (i % 50 == 0) {
                assertThat(directory.usage()).isLessThan(SECRET);
            }
        }
        end.set(true);
        assertThat(swapping.get()).isPositive();
        assertThat(stored).isNotEmpty();
        assertThat(refused).isPositive();
        assertThat(tree(outside)).containsExactlyInAnyOrder("b", "b/secret", "secret");
        assertThat(tree(box)).noneMatch(name -> name.endsWith(".~tmp"))
                .extracting(name -> name.substring(name.lastIndexOf('/') + 1)).containsAll(stored);
    }

    /** @return how often a link took the directory's place */
    private int swap(final Path linked, final AtomicBoolean end) throws IOException {
        final Path link = Files.createSymbolicLink(base.resolve("link"), outside);
        final Path aside = box.resolve("aside");
        int swapped = 0;
        while (!end.get()) {
            // Where the server has made it for an upload that failed, it has removed it too, or does so just now
            try {
                Files.createDirectories(linked);
                Files.move(linked, aside, StandardCopyOption.ATOMIC_MOVE);
            } catch (final NoSuchFileException | FileAlreadyExistsException removedMeanwhile) {
                continue;
            }
            try {
                Files.move(link, linked, StandardCopyOption.ATOMIC_MOVE);
                Files.move(linked, link, StandardCopyOption.ATOMIC_MOVE);
                swapped++;
                Files.move(aside, linked, StandardCopyOption.ATOMIC_MOVE);
            } catch (final FileSystemException madeMeanwhile) {
                // The server has made the directory: that one is used from now on
                Files.move(aside, box.resolve("aside" + System.nanoTime()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return swapped;
    }

    @Test
    void directoryOfSomebodyElseThatIsEmptyStays() throws Exception {
        Files.createDirectories(box.resolve("a/b"));
        Files.createDirectory(box.resolve("taken"));
        final Directory directory = open();
        try (StagedFile first = staged(directory, "1"); StagedFile second = staged(directory, "2")) {
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(first, path("a/b/c/d"), false),
                    new Publication(second, path("taken"), false)), Action::run)).isInstanceOf(NameTakenException.class);
        }
        assertThat(tree(box)).containsExactlyInAnyOrder("a", "a/b", "taken");
    }

    @Test
    void whatACrashHasLeftBehindIsSwept() throws Exception {
        final Path secret = Files.writeString(outside.resolve("secret"), "secret");
        final Path made = box.resolve(".0123456789abcdef0123456789abcdef.~tmp");
        Files.createDirectories(made.resolve("b/c"));
        Files.writeString(made.resolve("b/c/file"), "content");
        Files.createSymbolicLink(made.resolve("b/link"), outside);
        Files.setLastModifiedTime(made, LONG_AGO);
        Files.setLastModifiedTime(Files.createFile(box.resolve(".directories.~tmp")), LONG_AGO);
        Files.createDirectory(box.resolve(".young.~tmp"));
        Files.createSymbolicLink(box.resolve(".link.~tmp"), outside);
        store().sweep(List.of("alice"), Instant.now().minus(Duration.ofDays(7)));
        assertThat(tree(box)).containsExactlyInAnyOrder(".young.~tmp", ".link.~tmp");
        assertThat(secret).hasContent("secret");
    }

    @Test
    void lockThatACrashHasLeftBehindIsUsedAndRemoved() throws Exception {
        Files.writeString(box.resolve(".directories.~tmp"), "x".repeat(10_000));
        put(open(), path("a/b"), false, "1");
        put(open(), path("a/c"), false, "2");
        assertThat(tree(box)).containsExactlyInAnyOrder("a", "a/b", "a/c");
    }

    /** Else each of those who wait would wait as long again, one after the other, and all threads with them. */
    @Test
    void waitingForTheLockEndsThoughOthersOfTheProcessWaitToo() throws Exception {
        final Staging staging = new Staging(new StagingNames(".~tmp"), new Durability(false),
                PosixFilePermissions.fromString("rw-r-----"), Runnable::run, Runnable::run);
        final DirectoriesLock held = new DirectoriesLock(box, staging);
        try {
            final FutureTask<Void> waiting = new FutureTask<>(() -> {
                new DirectoriesLock(box, staging, 1_000_000).close();
                return null;
            });
            new Thread(waiting, "waiting").start();
            assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreBusyException.class);
        } finally {
            held.close();
        }
        new DirectoriesLock(box, staging).close();
        assertThat(box).isEmptyDirectory();
    }

    private enum Lacking {
        WITHOUT_LINKS, WITHOUT_OPEN_DIRECTORIES, WITH_NEITHER
    }

    @ParameterizedTest
    @EnumSource
    void worksOnOtherFileSystems(final Lacking system) throws Exception {
        final List<Feature> features = new ArrayList<>(List.of(Feature.FILE_CHANNEL, Feature.SYMBOLIC_LINKS));
        if (system != Lacking.WITHOUT_OPEN_DIRECTORIES && system != Lacking.WITH_NEITHER) {
            features.add(Feature.SECURE_DIRECTORY_STREAM);
        }
        if (system == Lacking.WITHOUT_OPEN_DIRECTORIES) {
            features.add(Feature.LINKS);
        }
        try (FileSystem files = Jimfs.newFileSystem(
                Configuration.unix().toBuilder().setSupportedFeatures(features.toArray(new Feature[0])).build())) {
            final Path there = Files.createDirectories(files.getPath("/store/alice"));
            Files.writeString(there.resolve("taken"), "there");
            Files.createSymbolicLink(there.resolve("link"), files.getPath("/store"));
            final LocalStore store = new LocalStore(files.getPath("/store"), ".~tmp", false, false, Runnable::run);
            final Directory directory = store.open("alice");
            put(directory, path("a/b/c"), false, "1");
            put(directory, path("a/b/d"), true, "2");
            for (final String taken : List.of("a/b/c", "a/b", "taken/b", "link/b")) {
                assertThatThrownBy(() -> put(directory, path(taken), false, "x")).isInstanceOf(NameTakenException.class);
            }
            try (StagedFile first = staged(directory, "1"); StagedFile second = staged(directory, "2")) {
                assertThatThrownBy(() -> directory.publish(List.of(new Publication(first, path("x/y/z"), false),
                        new Publication(second, path("taken"), false)), Action::run)).isInstanceOf(NameTakenException.class);
                directory.publish(List.of(new Publication(first, path("x/z"), false)), Action::run);
            }
            assertThat(directory.names(path("a/b/x"), "")).containsExactlyInAnyOrder("c", "d");
            assertThat(directory.usage()).isEqualTo(8);
            assertThat(tree(there)).containsExactlyInAnyOrder("a", "a/b", "a/b/c", "a/b/d", "x", "x/z", "taken", "link");
        }
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    private Directory open() throws IOException {
        return store().open("alice");
    }

    private static void put(final Directory directory, final FilePath path, final boolean replace, final String content)
            throws Exception {
        try (StagedFile file = staged(directory, content)) {
            directory.publish(List.of(new Publication(file, path, replace)), Action::run);
        }
    }

    private static StagedFile staged(final Directory directory, final String content) throws IOException {
        final StagedFile file = directory.stage();
        file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
        file.seal();
        return file;
    }

    private static FilePath path(final String path) throws Exception {
        final List<FileName> names = new ArrayList<>();
        for (final String name : path.split("/")) {
            names.add(NAMES.name(name));
        }
        return new FilePath(names);
    }

    /** All that is below a directory, by relative paths. */
    private static List<String> tree(final Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> !path.equals(directory)).map(path -> directory.relativize(path).toString()).toList();
        }
    }
}
