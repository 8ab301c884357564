package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoredFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tells of files that were published when a server was killed. */
class InterruptionsTest {

    private static final Instant ANY_TIME = Instant.now().plus(Duration.ofDays(1));

    @TempDir
    private Path base;
    private Path alice;

    @BeforeEach
    void createDirectories() throws IOException {
        alice = Files.createDirectories(base.resolve("alice"));
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, false, Runnable::run);
    }

    private List<String> found(final LocalStore store, final Instant before) {
        final List<String> found = new ArrayList<>();
        store.recover(new TreeSet<>(List.of("alice", "nobody")), before,
                (directory, path, file) -> found.add(directory + ": " + path + " " + file.size()));
        return found;
    }

    @Test
    void isASecondNameWhereverTheFirstOneIs() throws Exception {
        Files.createDirectories(alice.resolve("a/b/c"));
        Files.writeString(alice.resolve("a/b/c/ä b.txt"), "12");
        Files.createLink(alice.resolve(".01.~tmp"), alice.resolve("a/b/c/ä b.txt"));
        Files.writeString(alice.resolve("big.bin"), "123");
        Files.createLink(alice.resolve(".0123456789abcdef0123456789abcdef.upload.~tmp"), alice.resolve("big.bin"));
        Files.writeString(alice.resolve("other"), "of somebody else");
        Files.createLink(alice.resolve("linked"), alice.resolve("other"));
        Files.writeString(alice.resolve(".02.~tmp"), "not published");
        Files.createSymbolicLink(alice.resolve(".03.~tmp"), alice.resolve("other"));

        assertThat(found(store(), ANY_TIME)).containsExactlyInAnyOrder("alice: a/b/c/ä b.txt 2", "alice: big.bin 3");
        assertThat(found(store(), ANY_TIME)).as("until they are swept").hasSize(2);
        store().sweep(List.of("alice"), ANY_TIME);
        assertThat(found(store(), ANY_TIME)).isEmpty();
        assertThat(alice.resolve("a/b/c/ä b.txt")).hasContent("12");
    }

    /** Directories that are staged with the file in them are not visible. */
    @Test
    void isNoneOfAFileInStagedDirectories() throws Exception {
        Files.createDirectories(alice.resolve(".01.~tmp/b"));
        Files.writeString(alice.resolve(".02.~tmp"), "1");
        Files.createLink(alice.resolve(".01.~tmp/b/c"), alice.resolve(".02.~tmp"));
        assertThat(found(store(), ANY_TIME)).isEmpty();
    }

    @Test
    void isNoneOfWhatIsUnderWay() throws Exception {
        final LocalStore store = store();
        final Directory directory = store.open("alice");
        final List<List<String>> meanwhile = new ArrayList<>();
        try (StagedFile file = directory.stage()) {
            directory.publish(List.of(new Publication(file, FilePath.ofStored("a"), false)), names -> {
                names.run();
                meanwhile.add(found(store, ANY_TIME));
                meanwhile.add(found(store(), Instant.now().minus(Duration.ofMinutes(1))));
                meanwhile.add(found(store(), ANY_TIME));
            });
        }
        assertThat(meanwhile).containsExactly(List.of(), List.of(), List.of("alice: a 0"));
        assertThat(found(store, ANY_TIME)).isEmpty();
    }

    @Test
    void isToldOfThoughNoNoteCouldBeTakenOfAnother() throws Exception {
        for (final String name : List.of("a", "b")) {
            Files.writeString(alice.resolve(name), name);
            Files.createLink(alice.resolve("." + name + ".~tmp"), alice.resolve(name));
        }
        final List<StoredFile> told = new ArrayList<>();
        try (CapturedLog log = new CapturedLog(Interruptions.class)) {
            store().recover(List.of("alice"), ANY_TIME, (directory, path, file) -> {
                told.add(file);
                throw new IOException("as a test wants it");
            });
            assertThat(log.lines()).anyMatch(line -> line.contains("no note can be taken"));
        }
        assertThat(told).hasSize(2);
    }
}
