package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a store finds its directories while an administrator is at work, or a file system is lost. */
class LocalStoreTest {

    @TempDir
    private Path root;
    private Path base;
    private Store creating;

    @BeforeEach
    void createBase() throws IOException {
        base = Files.createDirectory(root.resolve("base"));
        creating = store(true);
    }

    @Test
    void createsWhatIsMissingBelowTheBaseDirectory() throws Exception {
        put(creating, "alice");
        put(creating, "team/bob");
        put(creating, base.resolve("carol").toString());
        assertThat(base.resolve("alice/a")).hasContent("content");
        assertThat(base.resolve("team/bob/a")).hasContent("content");
        assertThat(base.resolve("carol/a")).hasContent("content");
    }

    @Test
    void createsNothingUnlessItIsTold() throws Exception {
        assertThatThrownBy(() -> store(false).open("alice")).isInstanceOf(DirectoryUnusableException.class);
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void createsNothingOutsideOfTheBaseDirectory() throws Exception {
        for (final String directory : new String[] {root.resolve("mount/alice").toString(), root.resolve("alice").toString(),
                "../alice"}) {
            assertThatThrownBy(() -> creating.open(directory)).isInstanceOf(DirectoryUnusableException.class);
        }
        assertThat(root).isDirectoryNotContaining(path -> !path.equals(base));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "team/alice"})
    void theBaseDirectoryIsNeverCreated(final String directory) throws Exception {
        put(creating, directory);
        Files.move(base, root.resolve("away"));

        assertThatThrownBy(() -> creating.open(directory)).isInstanceOf(StoreBusyException.class).hasMessageContaining("missing");
        assertThatThrownBy(() -> creating.open("bob")).isInstanceOf(StoreBusyException.class);
        assertThat(base).doesNotExist();
        Files.move(root.resolve("away"), base);
        put(creating, "bob");
    }

    @Test
    void anotherDirectoryInPlaceOfTheBaseDirectoryIsNotUsed() throws Exception {
        put(creating, "alice");
        Files.move(base, root.resolve("away"));
        Files.createDirectories(base.resolve("bob"));

        for (final String directory : new String[] {"alice", "bob", "carol"}) {
            assertThatThrownBy(() -> creating.open(directory)).isInstanceOf(StoreBusyException.class);
            assertThatThrownBy(() -> creating.open(base.resolve(directory).toString())).isInstanceOf(StoreBusyException.class);
        }
        assertThat(base).isDirectoryNotContaining(path -> !path.equals(base.resolve("bob")));
        put(store(true), "bob");
    }

    @Test
    void directoryThatIsMovedBehindALinkIsFound() throws Exception {
        final Store store = store(false);
        Files.createDirectory(base.resolve("alice"));
        put(store, "alice");
        final Path roomier = root.resolve("roomier");
        Files.move(base.resolve("alice"), roomier);
        Files.delete(roomier.resolve("a"));
        Files.createSymbolicLink(base.resolve("alice"), roomier);

        put(store, "alice");
        assertThat(roomier.resolve("a")).hasContent("content");

        Files.delete(base.resolve("alice"));
        Files.move(roomier, base.resolve("alice"));
        Files.delete(base.resolve("alice/a"));
        put(store, "alice");
        assertThat(base.resolve("alice/a")).hasContent("content");
    }

    @Test
    void baseDirectoryThatIsMovedBehindALinkIsFound() throws Exception {
        put(creating, "alice");
        Files.move(base, root.resolve("roomier"));
        Files.createSymbolicLink(base, root.resolve("roomier"));
        put(creating, "bob");
        assertThat(root.resolve("roomier/bob/a")).hasContent("content");
    }

    @Test
    void directoryThatIsReplacedByAnotherIsUsed() throws Exception {
        put(creating, "alice");
        Files.move(base.resolve("alice"), base.resolve("old"));
        Files.createDirectory(base.resolve("alice"));
        put(creating, "alice");
        assertThat(base.resolve("alice/a")).hasContent("content");
    }

    @Test
    void whatIsNoDirectoryIsUnusable() throws Exception {
        Files.writeString(base.resolve("file"), "content");
        Files.createSymbolicLink(base.resolve("nowhere"), root.resolve("nowhere"));
        for (final String directory : new String[] {"file", "file/alice", "nowhere", "nowhere/alice", "nul\u0000"}) {
            assertThatThrownBy(() -> creating.open(directory)).as(directory).isInstanceOf(DirectoryUnusableException.class);
        }
        assertThat(root.resolve("nowhere")).doesNotExist();
        assertThat(base.resolve("file")).hasContent("content");
    }

    @Test
    void theJournalBelowTheBaseDirectoryIsNobodysFile() throws Exception {
        for (final String directory : List.of(".dropzone/journal/1", "alice/.dropzone")) {
            Files.writeString(Files.createDirectories(base.resolve(directory)).resolve("file"), "12345");
        }
        for (final String above : List.of(".", "alice/..", base.toString())) {
            assertThat(store(false).open(above).usage()).as(above).isEqualTo(5);
        }
        assertThat(store(false).open("alice").usage()).isEqualTo(5);
    }

    private Store store(final boolean createMissing) {
        return new LocalStore(base, ".~tmp", createMissing, true, Runnable::run);
    }

    private static void put(final Store store, final String directory) throws Exception {
        final Directory opened = store.open(directory);
        try (StagedFile file = opened.stage()) {
            file.write(ByteBuffer.wrap("content".getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
            file.sync();
            opened.publish(List.of(new Publication(file, FilePath.of(new FileName.Rules(".~tmp", false).name("a")), false)), Action::run);
        }
    }
}
