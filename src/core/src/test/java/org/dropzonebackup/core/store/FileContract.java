package org.dropzonebackup.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;

/** What {@link StagedFile} and {@link StoredFile} promise. */
abstract class FileContract extends StoreFixture {

    private static final int MIB = 1 << 20;

    @Test
    void stagedFileIsVisibleUnderNoPathAndIsGoneWhenItIsClosed() throws Exception {
        try (StagedFile file = staged("content")) {
            assertNothingAt("a");
            assertThat(file.isWritten()).isTrue();
            assertThat(directory.usage()).isZero();
            assertThat(leftovers()).isPositive();
        }
        assertNothingAt("a");
        assertNothingLeft();
    }

    @Test
    void publishedFileIsWhole() throws Exception {
        put("a", "content");
        put("empty", "");
        assertContent(path("a"), "content");
        assertContent(path("empty"), "");
        assertNothingLeft();
    }

    @Test
    void closingWhatIsPublishedLeavesItThere() throws Exception {
        final StagedFile file = staged("content");
        directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        file.close();
        file.close();
        assertContent(path("a"), "content");
    }

    @Test
    void piecesOfAllLengthsAreStoredInTheirOrder() throws Exception {
        final Random random = new Random(7);
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final Memory memory = new Memory();
        try (StagedFile file = directory.stage()) {
            for (int i = 0; i < 24; i++) {
                // Now and then as long as brings the file to the end of a block again, or as ends somewhere in one
                final byte[] piece = new byte[i % 3 == 0 ? MIB - all.size() % 4096 : random.nextInt(MIB / 2)];
                random.nextBytes(piece);
                all.writeBytes(piece);
                file.write(i % 4 == 1 ? ByteBuffer.wrap(piece) : lent(piece), i % 5 == 2 ? Retainable.NEVER : memory);
            }
            file.sync();
            assertThat(memory.retained()).isPositive();
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertContent(path("a"), all.toByteArray());
        assertAllGivenBack(memory);
    }

    @Test
    void allRemainingBytesAreTaken() throws Exception {
        try (StagedFile file = directory.stage()) {
            for (final int size : new int[] {0, 3, MIB}) {
                final ByteBuffer bytes = lent(content(size + 2)).position(2);
                file.write(bytes, new Memory());
                assertThat(bytes.remaining()).isZero();
            }
            file.sync();
        }
    }

    @Test
    void writingDoesNotWaitForTheDevice() throws Exception {
        final Memory memory = new Memory();
        final byte[] content = content(MIB);
        try (StagedFile file = directory.stage()) {
            threads.hold();
            file.write(lent(content), memory);
            file.write(lent(content), memory);
            file.seal();
            assertThat(memory.holders()).as("held until it is stored").isEqualTo(2);
            assertThat(file.isWritten()).isFalse();
            threads.open();
            file.sync();
            assertThat(file.isWritten()).isTrue();
            assertThat(memory.holders()).isZero();
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        final byte[] twice = Arrays.copyOf(content, 2 * MIB);
        System.arraycopy(content, 0, twice, MIB, MIB);
        assertContent(path("a"), twice);
    }

    @Test
    void memoryThatCannotBeRetainedIsFreeWhenItIsWritten() throws Exception {
        final byte[] content = content(MIB);
        final ByteBuffer memory = lent(content);
        try (StagedFile file = directory.stage()) {
            file.write(memory, Retainable.NEVER);
            memory.clear().put(new byte[MIB]);
            file.sync();
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertContent(path("a"), content);
    }

    @Test
    void closingWaitsForNothingAndGivesAllBack() throws Exception {
        final Memory memory = new Memory();
        threads.hold();
        final StagedFile file = directory.stage();
        file.write(lent(content(MIB)), memory);
        file.write(lent(content(MIB)), memory);
        file.close();
        assertThat(memory.holders()).isPositive();
        threads.open();
        assertAllGivenBack(memory);
        assertThat(directory.usage()).isZero();
    }

    @Test
    void whatFailsIsToldByTheNextCallAndNeverForgotten() throws Exception {
        final Memory memory = new Memory();
        try (StagedFile file = failing()) {
            threads.hold();
            file.write(lent(content(MIB)), memory);
            file.write(lent(content(MIB)), memory);
            threads.open();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> file.write(lent(content(MIB)), memory)).isInstanceOf(IOException.class);
            }
        }
        assertAllGivenBack(memory);
    }

    @Test
    void whatFailsWhereMemoryCannotBeRetainedIsToldAtOnce() throws Exception {
        try (StagedFile file = failing()) {
            assertThatThrownBy(() -> file.write(lent(content(MIB)), Retainable.NEVER)).isInstanceOf(IOException.class);
            assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
        }
        assertNothingLeft();
    }

    @Test
    void sealedFileIsSyncedAndPublishedAsAnyOther() throws Exception {
        try (StagedFile file = directory.stage()) {
            file.write(bytes("content"), Retainable.NEVER);
            file.seal();
            file.seal();
            file.sync();
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertContent(path("a"), "content");
    }

    @Test
    void isStoredWhenItsLastByteIs() throws Exception {
        final Instant before = Instant.now().minusSeconds(1);
        final Instant told;
        try (StagedFile file = staged("content")) {
            told = file.storedAt();
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertThat(told).isBetween(before, Instant.now().plusSeconds(1));
        assertThat(directory.find(path("a"))).map(StoredFile::storedAt).contains(told);
    }

    @Test
    void storedFileSaysWhenItIsAnother() throws Exception {
        put("a", "old");
        final StoredFile found = directory.find(path("a")).orElseThrow();
        assertThat(found.isUnchanged()).isTrue();
        put(path("a"), true, "newer");
        assertThat(found.isUnchanged()).isFalse();
    }

    @Test
    void partsOfAFileAreDigested() throws Exception {
        final String content = "0123456789".repeat(5_000);
        put("a", content);
        final StoredFile found = directory.find(path("a")).orElseThrow();
        final MessageDigest digest = sha256();
        assertThat(found.digest(List.of(digest), 10_000, 20_000)).isEqualTo(20_000);
        assertThat(found.digest(List.of(digest), 30_000, 50_000)).as("where it ends").isEqualTo(20_000);
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo(sha256(content.substring(10_000).getBytes(StandardCharsets.UTF_8)));
    }
}
