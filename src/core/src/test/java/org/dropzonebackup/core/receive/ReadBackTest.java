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
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
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
        try (UploadTransaction transaction = receiver(false).open(BOX)) {
            final IncomingFile file = transaction.begin(announced(true));
            assertThat(file.alreadyStored()).as("not known yet").isEmpty();
            assertThat(transaction.readsBack()).isTrue();
            readBack(transaction);
            file.admit();
            assertThat(file.alreadyStored()).map(Receipt::size).contains((long) LARGE);
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @Test
    void tellsNobodyThatAFileIsStoredWhoseBytesWereDamagedSince() throws Exception {
        try (UploadTransaction transaction = receiver(false).open(BOX)) {
            write(transaction.begin(announced(true)));
            transaction.commit();
        }
        final Path file = alice.resolve("a");
        final FileTime stored = Files.getLastModifiedTime(file);
        final byte[] damaged = content.clone();
        damaged[LARGE / 2]++;
        Files.write(file, damaged);
        Files.setLastModifiedTime(file, stored);
        try (UploadTransaction transaction = receiver(false).open(BOX)) {
            final IncomingFile again = transaction.begin(announced(true));
            readBack(transaction);
            assertRefused(again::admit, Refusal.NameTaken.class);
        }
    }

    @Test
    void goesOnToReceiveWhatTurnsOutToBeAnother() throws Exception {
        final byte[] old = content.clone();
        old[LARGE - 1]++;
        Files.write(alice.resolve("a"), old);
        try (UploadTransaction transaction = receiver(true).open(BOX)) {
            final IncomingFile file = transaction.begin(announced(true));
            readBack(transaction);
            file.admit();
            assertThat(file.alreadyStored()).isEmpty();
            assertThat(transaction.readsBack()).as("once is enough").isFalse();
            write(file);
            assertThat(transaction.commit()).hasSize(1);
        }
        assertThat(alice.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void refusesWhatTurnsOutToBeAnotherWhereNothingIsReplaced() throws Exception {
        Files.write(alice.resolve("a"), new byte[LARGE]);
        try (UploadTransaction transaction = receiver(false).open(BOX)) {
            final IncomingFile file = transaction.begin(announced(true));
            readBack(transaction);
            assertRefused(file::admit, Refusal.NameTaken.class);
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comparesWithALargeFileWhenAllCame(final boolean same) throws Exception {
        Files.write(alice.resolve("a"), same ? content : new byte[LARGE]);
        try (UploadTransaction transaction = receiver(false).open(BOX)) {
            write(transaction.begin(announced(false)));
            assertThat(transaction.commit()).isEmpty();
            assertThat(transaction.readsBack()).isTrue();
            readBack(transaction);
            if (same) {
                assertThat(transaction.commit()).extracting(Receipt::name).containsExactly("a");
            } else {
                assertRefused(transaction::commit, Refusal.NameTaken.class);
            }
        }
        assertThat(alice.names()).containsExactly("a");
    }

    @Test
    void comparesWithALargeFileThatAParallelUploadStoredMeanwhile() throws Exception {
        final Receiver receiver = receiver(false);
        try (UploadTransaction one = receiver.open(BOX); UploadTransaction other = receiver.open(BOX)) {
            final IncomingFile first = one.begin(announced(true));
            final IncomingFile second = other.begin(announced(true));
            write(first);
            write(second);
            assertThat(one.commit()).hasSize(1);
            Files.write(alice.resolve("a"), content);
            assertThat(other.commit()).as("nothing is known of what is there").isEmpty();
            readBack(other);
            assertThat(other.commit()).hasSize(1);
        }
        assertThat(alice.names()).containsExactly("a");
    }

    /** The client may have changed its file before it sent those bytes again, to another server. */
    @Test
    void remembersNoDigestOfBytesThatWereNotRecorded() throws Exception {
        final Receiver.Limits limits = new Receiver.Limits(2L * LARGE, 0, Existing.REFUSE);
        final ResumableReceiver server = alice.server(limits);
        final UploadId id = server.create(BOX, ALICE, AlicesBox.announced("a"), Map.of());
        append(alice.server(limits), id, 0, content);
        try (Append lost = server.append(BOX, ALICE, id, LARGE, NOBODY_ELSE)) {
            lost.write(ByteBuffer.wrap(new byte[] {1}), Retainable.NEVER);
            assertThat(complete(lost, false)).as("the client goes away while bytes are read back").isEmpty();
        }
        append(alice.server(limits), id, LARGE, new byte[] {2});
        try (Append last = server.append(BOX, ALICE, id, LARGE + 1, NOBODY_ELSE)) {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content);
            digest.update((byte) 2);
            assertThat(complete(last, true)).extracting(Receipt::sha256).containsExactly(HexFormat.of().formatHex(digest.digest()));
        }
    }

    private static void append(final ResumableReceiver server, final UploadId id, final long offset, final byte[] bytes)
            throws Exception {
        try (Append append = server.append(BOX, ALICE, id, offset, NOBODY_ELSE)) {
            append.write(ByteBuffer.wrap(bytes), Retainable.NEVER);
            append.checkpoint();
        }
    }

    private static List<Receipt> complete(final Append append, final boolean publish) throws Exception {
        final Completion completion = append.complete(AlicesBox.NO_BODY);
        List<Receipt> receipts = completion.commit();
        while (completion.readBack()) {
            // More of it
        }
        if (publish && receipts.isEmpty()) {
            receipts = completion.commit();
        }
        return receipts;
    }

    @Test
    void readsNothingToTellThatWhatItStoredItselfIsAnother() throws Exception {
        try (UploadTransaction first = receiver(false).open(BOX)) {
            write(first.begin(announced(true)));
            first.commit();
        }
        content[0]++;
        try (UploadTransaction other = receiver(false).open(BOX)) {
            assertRefused(() -> other.begin(announced(true)), Refusal.NameTaken.class);
            assertThat(other.readsBack()).isFalse();
        }
    }

    @Test
    void takesWhatWasReplacedWhileItWasReadForAnother() throws Exception {
        Files.write(alice.resolve("a"), content);
        try (UploadTransaction transaction = receiver(false).open(BOX)) {
            final IncomingFile file = transaction.begin(announced(true));
            Files.delete(alice.resolve("a"));
            readBack(transaction);
            file.admit();
            assertThat(file.alreadyStored()).isEmpty();
            write(file);
            assertThat(transaction.commit()).hasSize(1);
        }
        assertThat(alice.resolve("a")).hasBinaryContent(content);
    }

    @Test
    void readsInTheEndWhatAnotherServerTook() throws Exception {
        final Receiver.Limits limits = new Receiver.Limits(0, LARGE, 0, Existing.REFUSE, true);
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
            final Completion completion = append.complete(AlicesBox.NO_BODY);
            assertThat(completion.commit()).isEmpty();
            assertThat(completion.readBack()).isFalse();
            assertThat(completion.commit()).hasSize(1);
        }
        assertThat(alice.resolve("a")).hasBinaryContent(content);
    }

    private static void readBack(final UploadTransaction transaction) throws IOException {
        while (transaction.readBack()) {
            assertThat(transaction.readsBack()).isTrue();
        }
        assertThat(transaction.readsBack()).isFalse();
    }

    private void write(final IncomingFile file) throws Exception {
        file.write(ByteBuffer.wrap(content), Retainable.NEVER);
        file.finish();
    }

    private Announcement announced(final boolean sparable) throws Exception {
        return new Announcement(Optional.of("a"), OptionalLong.of(LARGE),
                Map.of(DigestAlgorithm.SHA_256, MessageDigest.getInstance("SHA-256").digest(content)), sparable);
    }

    private Receiver receiver(final boolean overwrite) {
        return new Receiver(alice.store(), new FileName.Rules(".~tmp", false), new Receiver.Limits(0, LARGE, 0, overwrite ? Existing.REPLACE : Existing.REFUSE, true),
                Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(alice.resolve("..").normalize()));
    }
}
