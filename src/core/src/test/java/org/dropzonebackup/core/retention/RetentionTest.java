package org.dropzonebackup.core.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.retention.PrunedBox.ALICES;
import static org.dropzonebackup.core.retention.PrunedBox.DAY;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files go, and which stay. */
class RetentionTest {

    @TempDir
    private Path base;
    private PrunedBox box;

    @BeforeEach
    void makeABox() throws Exception {
        box = new PrunedBox(base);
    }

    @Test
    void removesWhatIsOldAndNotAmongTheNewest() throws Exception {
        final List<String> names = box.nights(15, "a/db.dump");
        assertThat(box.prune().removed()).as("the oldest first").isEqualTo(names.subList(0, 5));
        assertThat(box.removals).extracting(Removal::newer).startsWith(OptionalInt.of(14), OptionalInt.of(13));
        assertThat(box.files()).containsExactlyInAnyOrderElementsOf(names.subList(5, 15));
        assertThat(box.entries(Event.REMOVED)).isEqualTo(names.subList(0, 5));
        assertThat(box.newest("a/db.dump")).isEqualTo(Event.REMOVED);
        assertThat(box.journal.find("alice", "a/db.dump").orElseThrow().entry()).satisfies(entry -> {
            assertThat(entry.user()).contains("alice");
            assertThat(entry.file().orElseThrow().size()).isEqualTo("a/db.dump".length());
        });

        assertThat(box.prune().removed()).isEmpty();
        assertThat(box.entries(Event.REMOVED)).hasSize(5);
        assertThat(box.faults).isEmpty();
    }

    @Test
    void keepsTheNewestOfAJobThatHasStopped() throws Exception {
        final List<String> names = box.nights(4, "db.dump");
        final String other = box.nights(1, "b/db.dump").get(0);
        box.pass(DAY.multipliedBy(1000));
        assertThat(box.prune().removed()).containsExactly(names.get(0));
        assertThat(box.files()).contains(names.get(1), names.get(2), names.get(3), other);
        box.send("db.dump");
        assertThat(box.prune().removed()).as("of a name that is used again").containsExactly(names.get(1));
    }

    @Test
    void removesWhatIsOldIfNoneIsToBeKept() throws Exception {
        box.nights(1, "a/b/db-2026-11-30.dump");
        box.pass(DAY.multipliedBy(10));
        final KeptBox none = new KeptBox("alice", "alice", new KeepRule(DAY.multipliedBy(10), 0));
        final Retention retention = box.retention();
        retention.acceptClock();
        assertThat(retention.prune(List.of(none), box)).isTrue();
        assertThat(box.files()).isEmpty();
        assertThat(box.path("a")).doesNotExist();
        assertThat(box.path("")).exists();
    }

    @Test
    void tellsInADryRunWhatWouldGo() throws Exception {
        final List<String> names = box.nights(15, "db.dump");
        final Retention retention = box.retention();
        retention.dryRun(ALICES, box);
        assertThat(box.removed()).isEqualTo(names.subList(0, 5));
        assertThat(box.files()).hasSize(15);
        assertThat(box.entries(Event.REMOVED)).isEmpty();
        assertThat(base.resolve(".dropzone/clock")).doesNotExist();
        assertThat(base.resolve(".dropzone/prune.lock")).doesNotExist();
    }

    /** Versions without end, and names with times in the future. */
    @Test
    void isNotDeceivedByWhatAThiefSends() throws Exception {
        final List<String> good = box.nights(3, "db.dump");
        box.pass(DAY.multipliedBy(2));
        final List<String> young = box.nights(3, "db.dump");
        for (int i = 0; i < 500; i++) {
            box.send("db.2%03d-12-31T23-59-59Z.dump".formatted(i + 100));
            box.send(Optional.of("alice"), "db.dump", "");
        }
        assertThat(box.prune().removed()).as("all are young").isEmpty();

        box.pass(DAY.multipliedBy(5));
        assertThat(box.prune().removed()).as("what was sent under the name counts").isEqualTo(good);
        assertThat(box.files()).hasSize(1003).containsAll(young);
    }

    @Test
    void doesNotCountNamesThatLookLikeNewerOnes() throws Exception {
        final List<String> good = box.nights(3, "db.dump");
        box.pass(DAY.multipliedBy(30));
        for (int i = 0; i < 10; i++) {
            box.send("db.209%d-12-31T23-59-59Z.dump".formatted(i));
        }
        assertThat(box.prune().removed()).isEmpty();
        box.send(Optional.of("alice"), "db.2090-12-31T23-59-59Z.dump", "a later one of that name");
        assertThat(box.prune().removed()).isEmpty();
        assertThat(box.files()).containsAll(good).hasSize(14);
    }

    @Test
    void countsAFileThatWasFoundAfterACrash() throws Exception {
        final List<String> good = box.nights(3, "db.dump");
        box.pass(DAY.multipliedBy(30));
        final String found = "db.2026-11-30T02-17-00Z.dump";
        Files.writeString(box.path(found), "content");
        assertThat(box.prune().removed()).isEmpty();
        box.journal.append(List.of(entry(Event.FOUND, found, 7)));
        assertThat(box.prune().removed()).containsExactly(good.get(0));
    }

    @Test
    void touchesNothingThatTheJournalDoesNotTellOf() throws Exception {
        final List<String> names = box.nights(8, "db.dump");
        Files.writeString(box.path(names.get(1)), "altered", StandardOpenOption.APPEND);
        final FileTime later = FileTime.from(box.clock.instant());
        Files.setLastModifiedTime(box.path(names.get(2)), later);
        box.journal.append(List.of(entry(Event.DAMAGED, names.get(3), "db.dump".length())));
        Files.writeString(box.path("db.2020-01-01T00-00-00Z.dump"), "put there by hand");
        Files.setLastModifiedTime(box.path("db.2020-01-01T00-00-00Z.dump"), FileTime.fromMillis(0));
        box.pass(DAY.multipliedBy(30));
        final List<String> before = new ArrayList<>(box.files());
        assertThat(box.prune().removed()).as("four are whole").containsExactly(names.get(0), names.get(4));
        before.removeAll(box.removed());
        assertThat(box.files()).isEqualTo(before);
    }

    private static Entry entry(final Event event, final String path, final long size) {
        return new Entry(event, Optional.of("alice"), new FileFacts("alice", path, size, "0".repeat(64), Optional.empty()),
                Optional.empty());
    }

    @Test
    void touchesNothingOfThoseWhoDidNotAskForIt() throws Exception {
        for (int i = 0; i < 5; i++) {
            box.send(Optional.of("carol"), "shared.dump", "of another who has the directory");
            box.send(Optional.empty(), "nobody's.dump", "anonymous, or of a directory that several share");
            box.send(Optional.of("alice"), "bob/db.dump", "in a directory that is another's now");
            box.pass(DAY);
        }
        final String hers = box.send(Optional.of("alice"), "shared.dump", "hers");
        box.pass(DAY.multipliedBy(30));
        assertThat(box.prune().removed()).isEmpty();
        for (int i = 0; i < 3; i++) {
            box.send(Optional.of("carol"), "shared.dump", "newer");
        }
        assertThat(box.prune().removed()).containsExactly(hers);
        box.retention().prune(List.of(), box);
        box.retention().prune(List.of(new KeptBox("nobody", "missing", ALICES.get(0).rule())), box);
        assertThat(box.files()).hasSize(18);
        assertThat(base.resolve("missing")).doesNotExist();
        assertThat(box.faults).isEmpty();
    }

    @Test
    void givesBackWhatAQuotaHasCounted() throws Exception {
        final DropBox limited = new DropBox("alice", OptionalLong.of(50), OptionalLong.empty(), Optional.empty(), Optional.empty(),
                Optional.of("alice"), Optional.empty());
        for (int i = 0; i < 5; i++) {
            box.send(limited, "db.dump", "ten bytes.");
            box.pass(Duration.ofMinutes(1));
        }
        assertThatThrownBy(() -> box.send(limited, "db.dump", "!")).isInstanceOf(RefusedException.class);
        box.pass(DAY.multipliedBy(11));
        assertThat(box.prune().removed()).hasSize(2);
        box.send(limited, "db.dump", "ten bytes, and ten m");
        assertThatThrownBy(() -> box.send(limited, "db.dump", "!")).isInstanceOf(RefusedException.class);
    }
}
