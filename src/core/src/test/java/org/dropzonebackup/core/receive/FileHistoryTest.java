package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.receive.AlicesBox.BOX;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.JournalUnwritableException;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal knows of the files of a box. */
class FileHistoryTest {

    private static final Instant ANY_TIME = Instant.MAX;

    @TempDir
    private Path base;
    private Path alice;
    private Journal journal;

    @BeforeEach
    void createBox() throws IOException {
        alice = Files.createDirectory(base.resolve("alice"));
        journal = TestJournals.in(base);
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, false, Runnable::run);
    }

    private Receiver receiver(final Existing existing) {
        return new Receiver(store(), new FileName.Rules(".~tmp", false), new Receiver.Limits(1 << 20, 0, existing),
                Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false, journal);
    }

    private static List<Receipt> send(final Receiver receiver, final DropBox box, final String... names) throws Exception {
        try (UploadTransaction transaction = receiver.open(box)) {
            for (final String name : names) {
                final IncomingFile file = transaction.begin(new Announcement(
                        Optional.of(name), OptionalLong.empty(), Map.of(), false));
                file.write(ByteBuffer.wrap(("of " + name).getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
                file.finish();
            }
            return transaction.commit();
        }
    }

    private List<Entry> entries() throws IOException {
        return TestJournals.readAll(journal, 1).stream().map(Line::entry).toList();
    }

    @Test
    void hasEachStoredFileWithItsSenderAndTheNameThatWasSent() throws Exception {
        final DropBox box = new DropBox("alice", OptionalLong.empty(), OptionalLong.empty(), Optional.of(Existing.KEEP),
                Optional.empty(), Optional.of("Alice"), Optional.of("192.0.2.1"));
        final List<Receipt> receipts = new ArrayList<>(send(receiver(Existing.REFUSE), box, "a", "d/b"));
        receipts.addAll(send(receiver(Existing.REFUSE), box, "a"));

        final List<Entry> entries = entries();
        assertThat(entries).extracting(entry -> entry.file().orElseThrow().path()).startsWith("a", "d/b").hasSize(3);
        for (int i = 0; i < 3; i++) {
            final Receipt receipt = receipts.get(i);
            assertThat(receipt.entry()).map(Line::entry).contains(entries.get(i));
            assertThat(entries.get(i)).isEqualTo(new Entry(Event.STORED, Optional.of("Alice"), new FileFacts("alice", receipt.name(),
                    receipt.size(), receipt.sha256(), i == 2 ? Optional.of("a") : Optional.empty()), Optional.of("192.0.2.1")));
        }
    }

    @Test
    void refusesFilesThatTheJournalDoesNotTake() throws Exception {
        Files.writeString(alice.resolve("there"), "old");
        Files.writeString(base.resolve(".dropzone"), "in the way");
        final Receiver receiver = receiver(Existing.REPLACE);
        assertThatThrownBy(() -> send(receiver, BOX, "there", "new", "d/e"))
                .isInstanceOf(JournalUnwritableException.class).hasMessageContaining(".dropzone");
        assertThat(alice.resolve("there")).hasContent("old");
        assertThat(names()).containsExactly("there");

        Files.delete(base.resolve(".dropzone"));
        assertThat(send(receiver, BOX, "there", "new", "d/e")).hasSize(3);
        assertThat(entries()).hasSize(3);
        assertThat(alice.resolve("there")).hasContent("of there");
    }

    @Test
    void refusesFilesForLackOfSpaceWhereTheJournalHasNone() throws Exception {
        journal = TestJournals.full(base);
        assertThatThrownBy(() -> send(receiver(Existing.REFUSE), BOX, "a", "b"))
                .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.refusal()).isInstanceOf(Refusal.StorageFull.class));
        assertThat(names()).isEmpty();
    }

    /** As it is after a kill between publication and entry, and between entry and removal of the staging name. */
    @Test
    void getsFilesOnceThatAKillHasKeptOut() throws Exception {
        final Receiver receiver = receiver(Existing.REFUSE);
        Files.createDirectory(alice.resolve("d"));
        Files.writeString(alice.resolve("d/b"), "b");
        Files.createLink(alice.resolve(".b.~tmp"), alice.resolve("d/b"));
        send(receiver, BOX, "a");
        Files.createLink(alice.resolve(".a.~tmp"), alice.resolve("a"));

        for (int start = 0; start < 2; start++) {
            store().recover(List.of("alice"), ANY_TIME, new FileRecovery(receiver, directory -> Optional.of("Alice")));
        }

        assertThat(entries()).hasSize(2).last().isEqualTo(new Entry(Event.FOUND, Optional.of("Alice"), new FileFacts("alice", "d/b", 1,
                "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d", Optional.empty()), Optional.empty()));
    }

    @Test
    void getsAFileThatSomebodyElseHasPutThereWhenItIsSent() throws Exception {
        Files.writeString(alice.resolve("a"), "of a");
        final Announcement same = new Announcement(Optional.of("a"), OptionalLong.of(4),
                Map.of(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_256.start().digest("of a".getBytes(StandardCharsets.UTF_8))), true);
        for (int i = 0; i < 2; i++) {
            try (UploadTransaction transaction = receiver(Existing.REFUSE).open(BOX)) {
                final Receipt receipt = transaction.begin(same).alreadyStored().orElseThrow();
                assertThat(receipt.entry()).map(line -> line.entry().event()).contains(Event.FOUND);
            }
        }
        assertThat(entries()).hasSize(1);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(alice)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
