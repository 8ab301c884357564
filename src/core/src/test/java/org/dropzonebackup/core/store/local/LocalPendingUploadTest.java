package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Memory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadLockedException;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPendingUploadTest {

    private static final int MANY = 1_000;
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path base;
    private Path box;
    private LocalStore store;
    private Directory directory;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
        store = store();
        directory = store.open("alice");
    }

    @Test
    void keepsWhatWasRecordedAndWritesOverTheRest() throws Exception {
        final UploadId id = create(10);
        append(id, "0123");
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            upload.write(bytes("lost"), Retainable.NEVER);
            upload.sync();
        }
        try (PendingUpload upload = store().open("alice").resume(id, OptionalLong.empty()).orElseThrow()) {
            assertThat(upload.state().offset()).isEqualTo(4);
            assertThat(upload.size()).isEqualTo(8);
            upload.write(bytes("45"), Retainable.NEVER);
            final ByteBuffer read = ByteBuffer.allocate(3);
            assertThat(upload.read(read, 2)).isEqualTo(3);
            assertThat(read.flip()).isEqualTo(bytes("234"));
            assertThat(data(id)).as("nothing is cut before all have come").hasContent("012345st");
            upload.trim();
            assertThat(data(id)).hasContent("012345");
        }
    }

    /** As another server, or this one, may see it for a second after it was replaced. */
    @Test
    void oldRecordDestroysNothing() throws Exception {
        final UploadId id = create(12);
        append(id, "0123");
        final String old = Files.readString(state(id));
        append(id, "4567");
        final String true8 = Files.readString(state(id));

        Files.writeString(state(id), old);
        try (PendingUpload upload = store().open("alice").resume(id, OptionalLong.empty()).orElseThrow()) {
            assertThat(upload.state().offset()).isEqualTo(4);
            upload.write(bytes("45"), Retainable.NEVER);
        }
        Files.writeString(state(id), true8);
        assertThat(directory.look(id)).map(record -> record.state().offset()).contains(8L);
        append(id, "89ab");
        assertThat(data(id)).hasContent("0123456789ab");
    }

    @Test
    void goesOnFromAnOldRecordWhereTheNewerOneIsNotSeenAtAll() throws Exception {
        final UploadId id = create(12);
        append(id, "0123");
        final String old = Files.readString(state(id));
        append(id, "4567");

        Files.writeString(state(id), old);
        append(id, "45");
        append(id, "6789ab");
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            upload.trim();
            publish(upload, "a", false);
        }
        assertThat(box.resolve("a")).hasContent("0123456789ab");
    }

    @Test
    void recordThatIsNewerThanWhatThisBeganWithIsNotReplaced() throws Exception {
        final UploadId id = create(12);
        append(id, "0123");
        final String old = Files.readString(state(id));
        append(id, "4567");
        final String newer = Files.readString(state(id));

        Files.writeString(state(id), old);
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            upload.write(bytes("45"), Retainable.NEVER);
            Files.writeString(state(id), newer);
            assertThatThrownBy(() -> upload.record(new UploadState(6, OptionalLong.of(12), false, Map.of())))
                    .isInstanceOf(StoreBusyException.class);
            assertThatThrownBy(upload::trim).isInstanceOf(StoreBusyException.class);
        }
        assertThat(state(id)).hasContent(newer);
        assertThat(data(id)).hasContent("01234567");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void goesOnFromTheBytesWhereTheRecordTellsOfMore(final int there) throws Exception {
        final UploadId id = create(10);
        append(id, "0123");
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            finished(upload);
        }
        Files.writeString(data(id), "0123".substring(0, there));

        assertThat(directory.look(id)).map(UploadRecord::state)
                .contains(new UploadState(there, OptionalLong.of(10), false, Map.of("owner", "alice")));
        assertThat(directory.usage()).isEqualTo(10);
        append(id, "0123456789".substring(there));
        assertThat(directory.look(id)).map(record -> record.state().offset()).contains(10L);
        assertThat(data(id)).hasContent("0123456789");
    }

    /** A file system that still knows the length of the one before gives all of it then. */
    @Test
    void recordsAreOfOneLength() throws Exception {
        final UploadId id = create(100_000);
        final long length = Files.size(state(id));
        for (final int count : new int[] {1, 9, 90, 900, 9_000, 90_000}) {
            append(id, "x".repeat(count));
            assertThat(state(id)).hasSize(length);
        }
    }

    /** Clients take it for the end of an upload that there is none. */
    @Test
    void isFoundWhileItGrows() throws Exception {
        final UploadId id = create(MANY);
        final CompletableFuture<Void> growth = CompletableFuture.runAsync(() -> grow(id));
        long seen = 0;
        while (!growth.isDone()) {
            final Optional<UploadRecord> record = directory.look(id);
            assertThat(record).as("after %d bytes", seen).isPresent();
            seen = record.get().state().offset();
        }
        growth.get();
        assertThat(directory.look(id)).map(record -> record.state().offset()).contains((long) MANY);
    }

    private void grow(final UploadId id) {
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            for (int offset = 1; offset <= MANY; offset++) {
                upload.write(bytes("x"), Retainable.NEVER);
                upload.record(new UploadState(offset, OptionalLong.of(MANY), false, Map.of()));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void factsComeBackAsTheyWere() throws Exception {
        final Map<String, String> facts = Map.of("plain", "a", "ä = b", " \t\\u\n\r#!:=ü\uD83D\uDE00", "empty", "");
        final UploadId id = directory.create(new UploadState(0, OptionalLong.empty(), false, facts));
        assertThat(directory.look(id)).map(UploadRecord::state).map(UploadState::facts).contains(facts);
    }

    @Test
    void tornRecordIsNone() throws Exception {
        final UploadId id = create(10);
        append(id, "0123");
        final String whole = Files.readString(state(id));
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(state(id), whole.substring(0, length));
            assertThat(directory.look(id)).as("the first %d characters", length).isEmpty();
        }
        Files.write(state(id), new byte[whole.length()]);
        assertThat(directory.look(id)).as("zeros").isEmpty();
        Files.write(state(id), new byte[] {(byte) 0xff, '#', 'e', 'n', 'd', '\n'});
        assertThat(directory.look(id)).as("no text").isEmpty();
        assertThat(directory.usage()).isZero();
        Files.writeString(state(id), whole);
        assertThat(directory.look(id)).isPresent();
    }

    @Test
    void halfOfItIsNothingAndIsSwept() throws Exception {
        final UploadId withoutBytes = create(10);
        Files.delete(data(withoutBytes));
        final UploadId withoutRecord = create(10);
        Files.delete(state(withoutRecord));
        for (final UploadId id : List.of(withoutBytes, withoutRecord)) {
            assertThat(directory.look(id)).isEmpty();
            assertThat(directory.resume(id, OptionalLong.empty())).isEmpty();
        }
        assertThat(directory.uploads()).isEmpty();
        assertThat(directory.usage()).isZero();

        makeOld();
        assertThat(swept(store)).isEqualTo(2);
        assertThat(names()).isEmpty();
    }

    @Test
    void sweepsTheFilesOfAnUploadTogetherByTheLaterOne() throws Exception {
        final UploadId fresh = create(10);
        final UploadId stale = create(10);
        final UploadId open = create(10);
        makeOld();
        Files.setLastModifiedTime(data(fresh), FileTime.from(Instant.now()));
        Files.writeString(box.resolve(".plain.~tmp"), "x");

        try (PendingUpload upload = directory.resume(open, OptionalLong.empty()).orElseThrow()) {
            Files.setLastModifiedTime(data(open), FileTime.from(LONG_AGO));
            assertThat(swept(store())).as("by another server").isEqualTo(2);
            assertThat(swept(store)).isZero();
            assertThat(upload.state().offset()).isZero();
        }
        assertThat(directory.uploads()).extracting(UploadRecord::id).containsExactlyInAnyOrder(fresh, open);
        assertThat(directory.look(stale)).isEmpty();
    }

    @Test
    void countsWhatIsThereOrIsToComeUntilItIsPublished() throws Exception {
        Files.writeString(box.resolve("there"), "123");
        final UploadId known = create(10);
        final UploadId unknown = directory.create(new UploadState(0, OptionalLong.empty(), false, Map.of()));
        append(known, "0123");
        append(unknown, "01234");
        assertThat(directory.usage()).isEqualTo(3 + 10 + 5);
        try (PendingUpload upload = directory.resume(unknown, OptionalLong.empty()).orElseThrow()) {
            upload.count(false);
            assertThat(directory.usage()).isEqualTo(3 + 10);
            upload.count(true);
            finished(upload);
            publish(upload, "a", false);
            assertThat(directory.usage()).isEqualTo(3 + 10 + 5);
        }
        assertThat(directory.usage()).isEqualTo(3 + 10 + 5);
        assertThat(directory.look(unknown)).map(UploadRecord::pending).contains(false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void publicationThatFailsLeavesItAsItWas(final boolean replace) throws Exception {
        if (replace) {
            Files.writeString(box.resolve("a"), "old");
        }
        Files.createDirectory(box.resolve("b"));
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow(); StagedFile other = directory.stage()) {
            finished(upload);
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(upload, path("a"), replace),
                    new Publication(other, path("b"), replace)), Action::run)).isInstanceOf(NameTakenException.class);
        }
        Files.delete(box.resolve("b"));
        assertThat(directory.look(id)).map(UploadRecord::pending).contains(true);
        if (replace) {
            assertThat(box.resolve("a")).hasContent("old");
        } else {
            assertThat(box.resolve("a")).doesNotExist();
        }
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            publish(upload, "a", replace);
        }
        assertThat(box.resolve("a")).hasContent("0123");
        assertThat(names()).containsExactlyInAnyOrder("a", state(id).getFileName().toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isCompletedAfterACrashBetweenPublicationAndTheRemovalOfItsBytes(final boolean replace) throws Exception {
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            finished(upload);
        }
        Files.createLink(box.resolve("a"), data(id));
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            publish(upload, "a", replace);
        }
        assertThat(box.resolve("a")).hasContent("0123");
        assertThat(names()).containsExactlyInAnyOrder("a", state(id).getFileName().toString());
    }

    @Test
    void neverReplacesAnotherFileUnasked() throws Exception {
        Files.writeString(box.resolve("a"), "old");
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            assertThatThrownBy(() -> publish(upload, "a", false)).isInstanceOf(NameTakenException.class);
            upload.remove();
        }
        assertThat(names()).containsExactly("a");
    }

    @Test
    void nothingIsCreatedOrResumedInALinkThatTookTheDirectorysPlace() throws Exception {
        final UploadId id = create(4);
        final Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
        Files.move(box, base.resolve("away"));
        Files.createSymbolicLink(box, elsewhere);

        assertThatThrownBy(() -> create(4)).isInstanceOf(DirectoryUnusableException.class);
        assertThatThrownBy(() -> directory.resume(id, OptionalLong.empty())).isInstanceOf(DirectoryUnusableException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void linkInPlaceOfTheBytesIsNotFollowed() throws Exception {
        final Path outside = Files.writeString(base.resolve("outside"), "untouched");
        final UploadId id = create(4);
        Files.delete(data(id));
        Files.createSymbolicLink(data(id), outside);

        assertThat(directory.look(id)).isEmpty();
        assertThatThrownBy(() -> directory.resume(id, OptionalLong.empty())).isInstanceOf(IOException.class);
        assertThat(outside).hasContent("untouched");
    }

    @Test
    void oneOfAllServersHasItOpen() throws Exception {
        final UploadId id = create(4);
        append(id, "01");
        final Process server = anotherServer(id);
        try (BufferedReader said = server.inputReader()) {
            assertThat(said.readLine()).isEqualTo("open at 2");

            assertThatThrownBy(() -> directory.resume(id, OptionalLong.empty())).isInstanceOf(UploadLockedException.class);
            assertThatThrownBy(() -> directory.remove(id)).isInstanceOf(UploadLockedException.class);
            assertThat(directory.look(id)).as("looking waits for nobody").isPresent();
            assertThatThrownBy(() -> directory.resume(id, OptionalLong.empty())).as("and gives up nobody's lock")
                    .isInstanceOf(UploadLockedException.class);
            makeOld();
            assertThat(swept(store)).isZero();
        } finally {
            server.destroyForcibly();
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        append(id, "23");
        assertThat(data(id)).hasContent("0123");
    }

    @Test
    void thisProcessKeepsOthersOutForAsLongAsItIsOpen() throws Exception {
        final UploadId id = create(1 << 20);
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            // Neither a look, nor an attempt to open it again, nor another way to the device may cost this process its lock
            upload.write(ByteBuffer.allocateDirect((1 << 20) + 4096).alignedSlice(4096).limit(1 << 20), new Memory());
            assertThatThrownBy(() -> directory.resume(id, OptionalLong.empty())).isInstanceOf(UploadLockedException.class);
            directory.look(id);
            directory.usage();
            assertThat(upload.state().offset()).isZero();
            assertThat(firstLineOfHolder(id)).contains(UploadLockedException.class.getName());
        }
        assertThat(firstLineOfHolder(id)).isEqualTo("open at 0");
    }

    private String firstLineOfHolder(final UploadId id) throws Exception {
        final Process server = anotherServer(id);
        try (BufferedReader said = server.inputReader()) {
            return said.readLine();
        } finally {
            server.destroyForcibly();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Process anotherServer(final UploadId id) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), UploadHolder.class.getName(), base.toString(), "alice",
                id.toString()).redirectErrorStream(true).start();
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    private UploadId create(final long length) throws IOException {
        return directory.create(new UploadState(0, OptionalLong.of(length), false, Map.of("owner", "alice")));
    }

    private void append(final UploadId id, final String content) throws IOException {
        try (PendingUpload upload = directory.resume(id, OptionalLong.empty()).orElseThrow()) {
            upload.write(bytes(content), Retainable.NEVER);
            upload.sync();
            final UploadState before = upload.state();
            upload.record(new UploadState(before.offset() + content.length(), before.length(), false, before.facts()));
        }
    }

    private static void finished(final PendingUpload upload) throws IOException {
        final UploadState before = upload.state();
        upload.record(new UploadState(before.offset(), before.length(), true, before.facts()));
    }

    private void makeOld() throws IOException {
        for (final String name : names()) {
            Files.setLastModifiedTime(box.resolve(name), FileTime.from(LONG_AGO));
        }
    }

    private Path data(final UploadId id) {
        return box.resolve("." + id + ".upload.~tmp");
    }

    private Path state(final UploadId id) {
        return box.resolve("." + id + ".state.~tmp");
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static FilePath path(final String name) throws RefusedException {
        return FilePath.of(new FileName.Rules(".~tmp", false).name(name));
    }

    private void publish(final PendingUpload upload, final String name, final boolean replace) throws Exception {
        directory.publish(List.of(new Publication(upload, path(name), replace)), Action::run);
    }

    /** How many files a store sweeps out of the box. */
    private int swept(final LocalStore by) throws IOException {
        final int before = names().size();
        by.sweep(List.of("alice"), Instant.now().minus(Duration.ofDays(7)));
        return before - names().size();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
