package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.receive.FileStates.Claim;
import org.dropzonebackup.core.receive.FileStates.EntryClaim;
import org.dropzonebackup.core.receive.FileStates.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStatesTest {

    @TempDir
    private Path base;
    private KeepingBox box;
    private Journal journal;
    private FileStates states;

    @BeforeEach
    void open() throws IOException {
        box = new KeepingBox(KeepingBox.Kind.FILES, base);
        journal = TestJournals.in(base);
        states = new FileStates(box.server(), journal);
    }

    private Claim sent(final String path, final String content) throws Exception {
        final Receipt receipt = box.send(path, content);
        return new Claim(receipt.name(), receipt.size(), receipt.sha256(), Optional.empty());
    }

    private State state(final Claim claim) throws Exception {
        return states.of(KeepingBox.BOX, claim).state();
    }

    private void enter(final Event event, final Claim claim) throws IOException {
        journal.append(List.of(new Entry(event, Optional.empty(),
                new FileFacts("alice", claim.path(), claim.size(), claim.sha256(), Optional.empty()), Optional.empty())));
    }

    @Test
    void eachVersionIsStoredUnderItsOwnPath() throws Exception {
        final Claim first = sent("a/db.dump", "one");
        final Claim second = sent("a/db.dump", "two");
        assertThat(second.path()).isNotEqualTo(first.path());
        assertThat(state(first)).isEqualTo(State.STORED);
        assertThat(state(second)).isEqualTo(State.STORED);
        assertThat(state(new Claim(first.path(), second.size(), second.sha256(), Optional.empty()))).isEqualTo(State.UNKNOWN);
    }

    @Test
    void aFileThatWasReplacedIsUnknownByItsOldContent() throws Exception {
        final Claim old = sent("a", "one");
        KeepingBox.send(box.server(Existing.REPLACE), KeepingBox.BOX, Map.of(AlicesBox.announced("a"), new byte[3]));
        assertThat(state(old)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void aFileIsDamagedIfItsSizeDiffersOrItWasWrittenToLater() throws Exception {
        final Claim longer = sent("longer", "one");
        Files.writeString(box.resolve("longer"), "more than one");
        assertThat(state(longer)).isEqualTo(State.DAMAGED);
        final Claim changed = sent("changed", "one");
        Files.writeString(box.resolve("changed"), "two");
        Files.setLastModifiedTime(box.resolve("changed"), FileTime.from(Instant.now().plusSeconds(1)));
        assertThat(state(changed)).isEqualTo(State.DAMAGED);
    }

    @Test
    void aFileIsDamagedAsLongAsTheJournalSaysSo() throws Exception {
        final Claim claim = sent("a", "one");
        enter(Event.DAMAGED, claim);
        assertThat(state(claim)).isEqualTo(State.DAMAGED);
        assertThat(state(new Claim("a", claim.size(), "0".repeat(64), Optional.empty()))).isEqualTo(State.UNKNOWN);
        enter(Event.FOUND, claim);
        assertThat(state(claim)).isEqualTo(State.STORED);
    }

    @Test
    void aFileIsMissingIfNobodySaysWhoRemovedIt() throws Exception {
        final Claim claim = sent("a", "one");
        Files.delete(box.resolve("a"));
        assertThat(state(claim)).isEqualTo(State.MISSING);
        Files.createDirectory(box.resolve("a"));
        assertThat(state(claim)).isEqualTo(State.MISSING);
        enter(Event.REMOVED, claim);
        assertThat(state(claim)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void aReceiptWhoseEntryTheJournalHasNotIsTold() throws Exception {
        final Line line = box.send("a", "one").entry().orElseThrow();
        assertThat(states.isEntered(new EntryClaim(line.chain(), line.seq(), line.hash()))).isTrue();
        assertThat(states.isEntered(new EntryClaim(line.chain(), line.seq(), "0".repeat(64)))).isFalse();
        assertThat(states.isEntered(new EntryClaim(line.chain(), line.seq() + 1, line.hash()))).isFalse();
        for (final int chain : new int[] {-1, 0, 2, Integer.MAX_VALUE}) {
            assertThat(states.isEntered(new EntryClaim(chain, line.seq(), line.hash()))).isFalse();
        }
    }

    @Test
    void nothingIsToldToOthersOrOfPathsThatLeadElsewhere() throws Exception {
        final Claim claim = sent("a", "one");
        Files.createDirectory(base.resolve("bob"));
        assertThat(states.of(new DropBox("bob", OptionalLong.empty()), claim).state()).isEqualTo(State.UNKNOWN);
        for (final String path : List.of("", "/a", "./a", "../alice/a", "a/", "b", "a\0", "\ud800", "x".repeat(200_000))) {
            assertThat(state(new Claim(path, claim.size(), claim.sha256(), Optional.empty()))).as(path).isEqualTo(State.UNKNOWN);
        }
        assertThat(state(new Claim("a", -1, "no digest", Optional.empty()))).isEqualTo(State.UNKNOWN);
    }
}
