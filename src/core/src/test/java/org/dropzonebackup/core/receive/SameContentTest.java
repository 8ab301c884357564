package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.receive.KeepingBox.BOX;
import static org.dropzonebackup.core.receive.KeepingBox.meant;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.store.Retainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content that is sent again where all files of a name are kept. */
class SameContentTest {

    private static final int LARGE = 3 << 20;

    @TempDir
    private Path base;

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void isStoredOnceWhicheverFileOfTheNameHasIt(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        for (int i = 0; i < 3; i++) {
            box.send("d/db.dump", "night " + i);
            box.clock().pass(Duration.ofDays(1));
        }
        final Map<String, String> before = box.stored("d/x");
        for (final boolean sparable : new boolean[] {true, false}) {
            for (int i = 0; i < 3; i++) {
                final Receipt again = box.send(meant("d/db.dump", "night " + i, sparable), "night " + i);
                assertThat(before).containsEntry(again.name(), again.sha256());
                assertThat(again.submittedName()).contains("d/db.dump");
            }
        }
        assertThat(box.stored("d/x")).hasSize(3).isEqualTo(before);

        box.send(meant("d/db.dump", "night 4", true), "night 4");
        box.send(meant("d/db.dump", "night 5", false), "night 5");
        assertThat(box.stored("d/x")).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource(Existing.class)
    void isNotStoredAgainInAnyMode(final Existing existing) throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        final Path file = Files.writeString(box.resolve("a"), "same");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        for (final boolean sparable : new boolean[] {true, false}) {
            assertThat(KeepingBox.send(box.server(existing), BOX, Map.of(meant("a", "same", sparable), "same".getBytes(StandardCharsets.UTF_8))))
                    .extracting(Receipt::storedAt).containsExactly(Instant.EPOCH);
        }
        assertThat(box.stored("a")).hasSize(1);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.from(Instant.EPOCH));
    }

    /** Of files that the administrator put there, nothing is known. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isFoundInStepsWhereFilesHaveToBeRead(final boolean sparable) throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        final byte[] content = new byte[LARGE];
        new Random(1).nextBytes(content);
        Files.write(box.resolve("a"), new byte[LARGE]);
        Files.write(box.resolve("a.2026-11-30T02-17-00Z"), content);
        Files.write(box.resolve("a.2026-11-29T02-17-00Z"), new byte[LARGE]);
        try (UploadTransaction transaction = box.server().open(BOX)) {
            final IncomingFile file = transaction.begin(meant("a", content, sparable));
            if (!sparable) {
                file.write(ByteBuffer.wrap(content), Retainable.NEVER);
                file.finish();
                assertThat(transaction.commit()).isEmpty();
            }
            assertThat(transaction.readsBack()).isTrue();
            KeepingBox.readBack(transaction);
            file.admit();
            assertThat(file.alreadyStored()).map(Receipt::name).contains("a.2026-11-30T02-17-00Z");
        }
        assertThat(box.stored("a")).hasSize(3);
    }

    @Test
    void isLookedForInSoFewFilesThatTheClientNeedNotWaitLong() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        for (int day = 1; day <= 9; day++) {
            Files.writeString(box.resolve("a.2026-11-0" + day + "T02-17-00Z"), "day " + day);
        }
        Files.writeString(box.resolve("a"), "other");

        assertThat(box.send(meant("a", "day 7", true), "day 7").name()).isEqualTo("a.2026-11-07T02-17-00Z");
        assertThat(box.send(meant("a", "day 5", true), "day 5").name()).as("three others were read before").isEqualTo("a." + box.time());
        assertThat(box.send(meant("a", "12", true), "12").name()).isEqualTo("a." + box.time() + "-2");
    }

    /** As many files as this are not looked at in one step. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isLookedForInMoreFilesThanOneStepTakes(final boolean sparable) throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.MEMORY, base);
        final int many = 5000;
        for (int i = 0; i < many; i++) {
            box.send("a", "content " + i);
            box.clock().pass(Duration.ofSeconds(1));
        }
        final Receipt second = box.send(meant("a", "content 1", sparable), "content 1");
        assertThat(second.storedAt()).isBefore(Instant.now());
        assertThat(box.stored("a")).hasSize(many).containsEntry(second.name(), second.sha256());

        box.send(meant("a", "content x", sparable), "content x");
        assertThat(box.stored("a")).hasSize(many + 1);
    }

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void isStoredOnceThoughItComesTwiceAtATime(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        box.send("a", "before");
        for (final boolean sparable : new boolean[] {true, false}) {
            final String content = "sparable " + sparable;
            final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            try (UploadTransaction one = box.server().open(BOX); UploadTransaction other = box.server().open(BOX)) {
                final IncomingFile first = one.begin(meant("a", content, sparable));
                final IncomingFile second = other.begin(meant("a", content, sparable));
                KeepingBox.readBack(one);
                KeepingBox.readBack(other);
                for (final IncomingFile file : new IncomingFile[] {first, second}) {
                    file.admit();
                    file.write(ByteBuffer.wrap(bytes), Retainable.NEVER);
                    file.finish();
                }
                assertThat(one.commit()).isEqualTo(other.commit()).hasSize(1);
            }
            box.clock().pass(Duration.ofSeconds(1));
        }
        assertThat(box.stored("a")).hasSize(3);
    }

    /** A directory may have very many files, and the thread that reads from the network has others to read from. */
    @Test
    void isNotLookedForInADirectoryByTheThreadThatBeginsAFile() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        box.send("a", "first");
        try (UploadTransaction transaction = box.server().open(BOX)) {
            final IncomingFile file = transaction.begin(meant("a", "another", true));
            assertThat(transaction.readsBack()).isTrue();
            KeepingBox.readBack(transaction);
            file.admit();
            assertThat(transaction.readsBack()).as("it is listed once").isFalse();
        }
    }

    @Test
    void isNotComparedWithLaterFilesBeforeAllCameWhereOnlyAnotherDigestIsKnown() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.MEMORY, base);
        box.send("a", "first");
        box.send("a", "again");
        final byte[] digest = DigestAlgorithm.SHA_512.start().digest("again".getBytes(StandardCharsets.UTF_8));
        try (UploadTransaction transaction = box.server().open(BOX)) {
            final IncomingFile file = transaction.begin(
                    new Announcement(Optional.of("a"), OptionalLong.empty(), Map.of(DigestAlgorithm.SHA_512, digest), true));
            assertThat(file.alreadyStored()).isEmpty();
            file.write(ByteBuffer.wrap("again".getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
            file.finish();
            assertThat(transaction.commit()).extracting(Receipt::name).containsExactly("a." + box.time());
        }
        assertThat(box.stored("a")).hasSize(2);
    }
}
