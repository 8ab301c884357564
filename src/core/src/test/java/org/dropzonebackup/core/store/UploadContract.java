package org.dropzonebackup.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;

/** What upload resources promise. */
abstract class UploadContract extends PathContract {

    @Test
    void uploadResourceIsThereForAllServersWhenItIsCreated() throws Exception {
        final Instant before = Instant.now().minusSeconds(1);
        final UploadState state = new UploadState(0, OptionalLong.of(10), false, Map.of("owner", "alice"));
        final UploadId id = directory.create(state);
        for (final Directory each : List.of(directory, newStore(threads).open("alice"))) {
            final UploadRecord record = each.look(id).orElseThrow();
            assertThat(record.id()).isEqualTo(id);
            assertThat(record.state()).isEqualTo(state);
            assertThat(record.pending()).isTrue();
            assertThat(record.changed()).isBetween(before, Instant.now().plusSeconds(1));
            assertThat(each.uploads()).containsExactly(record);
        }
        assertThat(store.open("bob").uploads()).isEmpty();
        assertThat(store.open("bob").look(id)).isEmpty();
    }

    @Test
    void factsOfAnUploadResourceComeBackAsTheyWere() throws Exception {
        final Map<String, String> facts = Map.of("plain", "a", "ä = b", " \t\\u\n\r#!:=ü\uD83D\uDE00", "empty", "");
        final UploadId id = directory.create(new UploadState(0, OptionalLong.empty(), false, facts));
        assertThat(directory.look(id)).map(UploadRecord::state).map(UploadState::facts).contains(facts);
    }

    @Test
    void whatIsNotThereIsNone() throws Exception {
        final UploadId id = UploadId.random();
        assertThat(directory.look(id)).isEmpty();
        assertThat(directory.resume(id, OptionalLong.empty())).isEmpty();
        assertThat(directory.resume(id, OptionalLong.of(3))).isEmpty();
        directory.remove(id);
        assertThat(directory.uploads()).isEmpty();
    }

    @Test
    void anotherServerGoesOnFromWhatWasRecorded() throws Exception {
        final UploadId id = create(20_000);
        append(id, "0".repeat(9_000));
        final Directory other = newStore(threads).open("alice");
        try (PendingUpload upload = other.resume(id, OptionalLong.of(9_000)).orElseThrow()) {
            assertThat(upload.state()).isEqualTo(new UploadState(9_000, OptionalLong.of(20_000), false, Map.of("owner", "alice")));
            assertThat(upload.size()).isGreaterThanOrEqualTo(9_000);
            upload.write(bytes("1".repeat(11_000)), Retainable.NEVER);
            upload.trim();
            upload.sync();
            record(upload, 20_000, true);
            other.publish(List.of(new Publication(upload, path("a"), false)), Action::run);
        }
        assertContent(path("a"), "0".repeat(9_000) + "1".repeat(11_000));
    }

    @Test
    void goesOnWhateverTheClientExpects() throws Exception {
        final UploadId id = create(10);
        append(id, "0123");
        for (final OptionalLong expected : List.of(OptionalLong.of(4), OptionalLong.of(7), OptionalLong.empty())) {
            try (PendingUpload upload = directory.resume(id, expected).orElseThrow()) {
                assertThat(upload.state().offset()).isEqualTo(4);
            }
        }
    }

    @Test
    void bytesThatWereNotRecordedAreWrittenOverAndCutOff() throws Exception {
        final UploadId id = create(10);
        append(id, "0123");
        try (PendingUpload upload = resume(id)) {
            upload.write(bytes("lost and gone"), Retainable.NEVER);
            upload.sync();
        }
        assertThat(directory.look(id)).map(record -> record.state().offset()).contains(4L);
        try (PendingUpload upload = resume(id)) {
            upload.write(bytes("45"), Retainable.NEVER);
            upload.trim();
            upload.sync();
            record(upload, 6, true);
            directory.publish(List.of(new Publication(upload, path("a"), false)), Action::run);
        }
        assertContent(path("a"), "012345");
    }

    @Test
    void longPiecesAreWrittenWithoutWaiting() throws Exception {
        final byte[] content = content(1 << 20);
        final Memory memory = new Memory();
        final UploadId id = create(content.length);
        try (PendingUpload upload = resume(id)) {
            threads.hold();
            upload.write(lent(content), memory);
            assertThat(memory.holders()).isPositive();
            threads.open();
            upload.trim();
            upload.sync();
            assertThat(memory.holders()).isZero();
            record(upload, content.length, true);
            directory.publish(List.of(new Publication(upload, path("a"), false)), Action::run);
        }
        assertContent(path("a"), content);
    }

    @Test
    void readsWhatWasWritten() throws Exception {
        final UploadId id = create(30_000);
        append(id, "0".repeat(10_000));
        try (PendingUpload upload = resume(id)) {
            upload.write(bytes("123"), Retainable.NEVER);
            final ByteBuffer read = ByteBuffer.allocate(3);
            long position = 9_999;
            while (read.hasRemaining()) {
                final int count = upload.read(read, position);
                assertThat(count).isPositive();
                position += count;
            }
            assertThat(read.flip()).isEqualTo(bytes("012"));
            assertThat(upload.read(ByteBuffer.allocate(1), 10_003)).as("behind the last").isNotPositive();
        }
    }

    @Test
    void oneHasItOpen() throws Exception {
        final UploadId id = create(10);
        final Directory other = newStore(threads).open("alice");
        try (PendingUpload upload = resume(id)) {
            for (final Directory each : List.of(directory, other)) {
                assertThatThrownBy(() -> each.resume(id, OptionalLong.empty())).isInstanceOf(UploadLockedException.class);
                assertThatThrownBy(() -> each.remove(id)).isInstanceOf(UploadLockedException.class);
                assertThat(each.look(id)).as("looking waits for nobody").isPresent();
            }
            upload.write(bytes("0123"), Retainable.NEVER);
            upload.sync();
            record(upload, 4, false);
        }
        try (PendingUpload upload = other.resume(id, OptionalLong.of(4)).orElseThrow()) {
            assertThat(upload.state().offset()).isEqualTo(4);
        }
        other.remove(id);
        assertThat(directory.look(id)).isEmpty();
        assertNothingLeft();
    }

    @Test
    void publishedUploadResourceIsARecordAndNoMore() throws Exception {
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = resume(id)) {
            record(upload, 4, true);
            assertThat(directory.look(id)).as("its bytes are there").map(UploadRecord::pending).contains(true);
            directory.publish(List.of(new Publication(upload, path("a"), false)), Action::run);
            assertThat(directory.usage()).isEqualTo(4);
        }
        assertContent(path("a"), "0123");
        assertThat(directory.usage()).isEqualTo(4);
        assertThat(directory.look(id)).hasValueSatisfying(record -> {
            assertThat(record.pending()).isFalse();
            assertThat(record.state().finished()).isTrue();
        });
        assertThat(directory.resume(id, OptionalLong.empty())).isEmpty();
        assertNothingLeft();
        directory.remove(id);
        assertContent(path("a"), "0123");
        assertThat(directory.uploads()).isEmpty();
    }

    @Test
    void uploadResourceThatCannotBePublishedIsAsItWas() throws Exception {
        put("a", "old");
        put("b", "there");
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = resume(id); StagedFile second = staged("2")) {
            record(upload, 4, true);
            assertThatThrownBy(() -> directory.publish(
                    List.of(new Publication(upload, path("a"), true), new Publication(second, path("b"), false)), Action::run))
                            .isInstanceOf(NameTakenException.class);
        }
        assertContent(path("a"), "old");
        assertThat(directory.look(id)).map(UploadRecord::pending).contains(true);
        assertThat(directory.usage()).isEqualTo(3 + 5 + 4);
        try (PendingUpload upload = resume(id)) {
            directory.publish(List.of(new Publication(upload, path("a"), true)), Action::run);
        }
        assertContent(path("a"), "0123");
    }

    @Test
    void finishedUploadResourceHasNoBytes() throws Exception {
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = resume(id)) {
            record(upload, 4, true);
            upload.finish();
        }
        assertThat(directory.look(id)).map(UploadRecord::pending).contains(false);
        assertThat(directory.resume(id, OptionalLong.empty())).isEmpty();
        assertThat(directory.usage()).isZero();
    }

    @Test
    void removedUploadResourceIsGone() throws Exception {
        final UploadId id = create(4);
        append(id, "0123");
        try (PendingUpload upload = resume(id)) {
            upload.remove();
        }
        assertThat(directory.look(id)).isEmpty();
        assertThat(directory.uploads()).isEmpty();
        assertThat(directory.usage()).isZero();
        assertNothingLeft();
    }

    @Test
    void usageCountsWhatIsThereOrIsToCome() throws Exception {
        put("there", "123");
        final UploadId known = create(10);
        final UploadId unknown = directory.create(new UploadState(0, OptionalLong.empty(), false, Map.of()));
        append(known, "0123");
        append(unknown, "01234");
        assertThat(directory.usage()).isEqualTo(3 + 10 + 5);
        try (PendingUpload upload = resume(unknown)) {
            upload.count(false);
            assertThat(directory.usage()).isEqualTo(3 + 10);
            upload.count(true);
            assertThat(directory.usage()).isEqualTo(3 + 10 + 5);
            upload.count(false);
        }
        assertThat(directory.usage()).as("when it is closed").isEqualTo(3 + 10 + 5);
        assertThat(store.open("bob").usage()).isZero();
    }

    @Test
    void usageCountsBytesThatAreUnderWay() throws Exception {
        final UploadId id = directory.create(new UploadState(0, OptionalLong.empty(), false, Map.of()));
        try (PendingUpload upload = resume(id)) {
            threads.hold();
            upload.write(lent(content(1 << 20)), new Memory());
            assertThat(store.open("alice").usage()).isEqualTo(1 << 20);
            threads.open();
            upload.sync();
            assertThat(directory.usage()).isEqualTo(1 << 20);
            upload.remove();
        }
        assertThat(directory.usage()).isZero();
    }

    @Test
    void lastRecordCounts() throws Exception {
        final UploadId id = create(100);
        for (int i = 0; i < 20; i++) {
            append(id, "01234");
        }
        assertThat(directory.look(id)).map(UploadRecord::state).map(UploadState::offset).contains(100L);
        assertThat(directory.look(id)).map(UploadRecord::state).map(UploadState::length).contains(OptionalLong.of(100));
        assertThat(Optional.of(directory.uploads().size())).contains(1);
    }
}
