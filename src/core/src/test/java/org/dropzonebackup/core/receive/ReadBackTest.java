package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.receive.AlicesBox.ALICE;
import static org.dropzonebackup.core.receive.AlicesBox.BOX;
import static org.dropzonebackup.core.receive.AlicesBox.NOBODY_ELSE;
import static org.dropzonebackup.core.receive.AlicesBox.assertRefused;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes as long as a file is large is done in steps, and by nobody who has but a short time for it. */
class ReadBackTest {

    private static final int LARGE = 3 << 20;

    private final byte[] content = new byte[LARGE];
    private AlicesBox alice;

    @BeforeEach
    void createBox(@TempDir final Path base) throws IOException {
        alice = new AlicesBox(base);
        new Random(42).nextBytes(content);
    }

    @Test
    void comparesALargeFileBeforeItsBytesComeAgain() throws Exception {
        Files.write(alice.resolve("a"), content);
        try (UploadTransaction reception = receiver(false).open(BOX)) {
            assertThat(reception.begin(announced(true))).as("not known yet").isEmpty();
            assertThat(reception.readsBack()).isTrue();
            readBack(reception);
            assertThat(reception.admit()).map(Receipt::size).contains((long) LARGE);
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @Test
    void goesOnToReceiveWhatTurnsOutToBeAnother() throws Exception {
        final byte[] old = content.clone();
        old[LARGE - 1]++;
        Files.write(alice.resolve("a"), old);
        try (UploadTransaction reception = receiver(true).open(BOX)) {
            reception.begin(announced(true));
            readBack(reception);
            assertThat(reception.admit()).isEmpty();
            assertThat(reception.readsBack()).as("once is enough").isFalse();
            write(reception);
            assertThat(reception.commit()).hasSize(1);
        }
        assertThat(alice.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void refusesWhatTurnsOutToBeAnotherWhereNothingIsReplaced() throws Exception {
        Files.write(alice.resolve("a"), new byte[LARGE]);
        try (UploadTransaction reception = receiver(false).open(BOX)) {
            reception.begin(announced(true));
            readBack(reception);
            assertRefused(reception::admit, Refusal.NameTaken.class);
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comparesWithALargeFileWhenAllCame(final boolean same) throws Exception {
        Files.write(alice.resolve("a"), same ? content : new byte[LARGE]);
        try (UploadTransaction reception = receiver(false).open(BOX)) {
            reception.begin(announced(false));
            write(reception);
            assertThat(reception.commit()).isEmpty();
            assertThat(reception.readsBack()).isTrue();
            readBack(reception);
            if (same) {
                assertThat(reception.commit()).extracting(Receipt::name).containsExactly("a");
            } else {
                assertRefused(reception::commit, Refusal.NameTaken.class);
            }
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @Test
    void comparesWithALargeFileThatAParallelUploadStoredMeanwhile() throws Exception {
        final Receiver receiver = receiver(false);
        try (UploadTransaction one = receiver.open(BOX); UploadTransaction other = receiver.open(BOX)) {
            one.begin(announced(true));
            other.begin(announced(true));
            write(one);
            write(other);
            assertThat(one.commit()).hasSize(1);
            assertThat(other.commit()).isEmpty();
            readBack(other);
            assertThat(other.commit()).hasSize(1);
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @Test
    void takesWhatWasReplacedWhileItWasReadForAnother() throws Exception {
        Files.write(alice.resolve("a"), content);
        try (UploadTransaction reception = receiver(false).open(BOX)) {
            reception.begin(announced(true));
            Files.delete(alice.resolve("a"));
            readBack(reception);
            assertThat(reception.admit()).isEmpty();
            write(reception);
            assertThat(reception.commit()).hasSize(1);
        }
        assertThat(alice.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void readsInTheEndWhatAnotherServerTook() throws Exception {
        final Receiver.Limits limits = new Receiver.Limits(0, LARGE, 0, false);
        final ResumableReceiver first = alice.server(limits);
        final UploadId id = first.create(BOX, ALICE, announced(false), Map.of());
        try (Append append = first.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(ByteBuffer.wrap(content, 0, LARGE - 1), Retainable.NEVER);
            append.checkpoint();
            assertThat(append.readsBack()).as("it has seen all").isFalse();
        }
        try (Append append = alice.server(limits).append(BOX, ALICE, id, LARGE - 1, NOBODY_ELSE)) {
            append.write(ByteBuffer.wrap(content, LARGE - 1, 1), Retainable.NEVER);
            append.checkpoint();
            assertThat(append.readsBack()).as("it has seen a byte").isTrue();
            assertThat(append.complete()).isEmpty();
            assertThat(append.readBack()).isFalse();
            assertThat(append.complete()).hasSize(1);
        }
        assertThat(alice.resolve("a")).hasBinaryContent(content);
    }

    private static void readBack(final UploadTransaction reception) throws IOException {
        while (reception.readBack()) {
            assertThat(reception.readsBack()).isTrue();
        }
        assertThat(reception.readsBack()).isFalse();
    }

    private void write(final UploadTransaction reception) throws Exception {
        reception.write(ByteBuffer.wrap(content), Retainable.NEVER);
        reception.finish();
    }

    private Announcement announced(final boolean sparable) throws Exception {
        return new Announcement(Optional.of("a"), OptionalLong.of(LARGE),
                Map.of(DigestAlgorithm.SHA_256, MessageDigest.getInstance("SHA-256").digest(content)), sparable);
    }

    private Receiver receiver(final boolean overwrite) {
        return new Receiver(alice.store(), new FileName.Rules(".~tmp", false), new Receiver.Limits(0, LARGE, 0, overwrite),
                Clock.systemUTC(), System::nanoTime, Runnable::run);
    }
}
