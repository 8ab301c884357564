package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedUpload;
import org.dropzonebackup.core.store.StoreBusyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStagedUploadTest {

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
    void undoingLeavesAloneWhatSomebodyElsePutUnderTheName() throws Exception {
        try (StagedUpload upload = staged(open(), "ours")) {
            upload.publish(name("a"), false);
            replaceByHand("a", "theirs");
        }
        assertThat(box.resolve("a")).hasContent("theirs");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void undoingAReplacementLeavesAloneWhatSomebodyElsePutUnderTheName() throws Exception {
        Files.writeString(box.resolve("a"), "old");
        try (StagedUpload upload = staged(open(), "ours")) {
            upload.publish(name("a"), true);
            replaceByHand("a", "theirs");
        }
        assertThat(box.resolve("a")).hasContent("theirs");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void undoingAReplacementBringsTheOldFileBack() throws Exception {
        Files.writeString(box.resolve("a"), "old");
        try (StagedUpload upload = staged(open(), "ours")) {
            upload.publish(name("a"), true);
            assertThat(box.resolve("a")).hasContent("ours");
        }
        assertThat(box.resolve("a")).hasContent("old");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void nobodyReplacesWhatMayStillBeUndone() throws Exception {
        Files.writeString(box.resolve("a"), "old");
        final ExecutorService other = Executors.newSingleThreadExecutor();
        final CountDownLatch staged = new CountDownLatch(1);
        final Future<?> second;
        try (StagedUpload first = staged(open(), "first")) {
            first.publish(name("a"), true);
            second = other.submit(() -> {
                try (StagedUpload upload = staged(open(), "second")) {
                    staged.countDown();
                    upload.publish(name("a"), true);
                }
                return null;
            });
            staged.await();
            assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        }
        second.get(10, TimeUnit.SECONDS);
        other.shutdown();

        assertThat(box.resolve("a")).as("both are undone").hasContent("old");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void twoNamesOfOneFileAreOneNameToTheSameRequest() throws Exception {
        final Directory directory = open();
        try (StagedUpload first = staged(directory, "first"); StagedUpload second = staged(directory, "second")) {
            first.publish(name("a"), true);
            Files.createLink(box.resolve("A"), box.resolve("a"));

            assertThatThrownBy(() -> second.publish(name("A"), true)).isInstanceOf(NameTakenException.class);
        }
    }

    /** As after a link whose answer was lost on a network. */
    @Test
    void nameThatMeansThisFileAlreadyIsPublished() throws Exception {
        try (StagedUpload upload = staged(open(), "ours")) {
            Files.createLink(box.resolve("a"), box.resolve(names().get(0)));
            upload.publish(name("a"), false);
            upload.confirm();
        }
        assertThat(box.resolve("a")).hasContent("ours");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void whatWasPublishedThoughItFailedIsUndone() throws Exception {
        try (StagedUpload upload = staged(open(), "ours")) {
            final String staged = names().get(0);
            Files.createDirectory(box.resolve("a"));
            assertThatThrownBy(() -> upload.publish(name("a"), false)).isInstanceOf(NameTakenException.class);
            Files.delete(box.resolve("a"));
            Files.createLink(box.resolve("a"), box.resolve(staged));
        }
        assertThat(names()).isEmpty();
    }

    /** What bears the name may be read for long then, by a thread of which there are few. */
    @Test
    void leavesItsTurnToOthersWhereTheNameIsTaken() throws Exception {
        Files.createDirectory(box.resolve("a"));
        try (StagedUpload refused = staged(open(), "ours"); StagedUpload other = staged(open(), "other")) {
            assertThatThrownBy(() -> refused.publish(name("a"), true)).isInstanceOf(NameTakenException.class);
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> other.publish(name("b"), true));
            other.confirm();
        }
        assertThat(names()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void doesNotWaitForItsTurnForEver() {
        assertThatThrownBy(() -> new ReplaceLock(new Semaphore(0), Duration.ofMillis(1)).take()).isInstanceOf(StoreBusyException.class);
    }

    @Test
    void neverReplacesWhatIsNoFile() throws Exception {
        final Path outside = Files.writeString(base.resolve("outside"), "untouched");
        Files.createSymbolicLink(box.resolve("link"), outside);
        Files.createSymbolicLink(box.resolve("dangling"), base.resolve("nowhere"));
        Files.createDirectory(box.resolve("directory"));
        for (final String name : List.of("link", "dangling", "directory")) {
            for (final boolean replace : new boolean[] {true, false}) {
                try (StagedUpload upload = staged(open(), "ours")) {
                    assertThatThrownBy(() -> upload.publish(name(name), replace)).isInstanceOf(NameTakenException.class);
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
        try (StagedUpload upload = staged(open(), "ours")) {
            upload.publish(name("a"), true);
            upload.confirm();
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
    void nothingIsPublishedThroughALinkThatTookTheDirectorysPlace() throws Exception {
        final Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
        for (final boolean replace : new boolean[] {true, false}) {
            final Path away = base.resolve("away-" + replace);
            try (StagedUpload upload = staged(open(), "ours")) {
                Files.move(box, away);
                Files.createSymbolicLink(box, elsewhere);
                assertThatThrownBy(() -> upload.publish(name("a"), replace)).isInstanceOf(IOException.class);
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
        final Held held = new Held();
        final ByteBuffer memory = ByteBuffer.allocateDirect((2 << 20) + 4096).alignedSlice(4096);
        try (StagedUpload upload = open().stage()) {
            for (int i = 0; i < 24; i++) {
                // Now and then as long as brings the file to the end of a block again, or as ends somewhere in one
                final byte[] piece = new byte[i % 3 == 0 ? (2 << 20) - all.size() % 4096 : random.nextInt(1 << 20)];
                random.nextBytes(piece);
                all.writeBytes(piece);
                upload.write(memory.clear().put(piece).flip(), held);
                assertThat(held.holders()).isZero();
            }
            upload.sync();
            upload.publish(name("a"), false);
            upload.confirm();
        }
        assertThat(box.resolve("a")).hasBinaryContent(all.toByteArray());
    }

    private Directory open() throws IOException {
        return store.open("alice");
    }

    private static StagedUpload staged(final Directory directory, final String content) throws IOException {
        final StagedUpload upload = directory.stage();
        upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
        upload.sync();
        return upload;
    }

    private void replaceByHand(final String name, final String content) throws IOException {
        Files.move(Files.writeString(base.resolve("by hand"), content), box.resolve(name),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileName name(final String name) throws RefusedException {
        return new FileName.Rules(".~tmp", false).parse(name);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
