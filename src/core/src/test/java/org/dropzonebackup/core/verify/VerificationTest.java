package org.dropzonebackup.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verification tells after somebody has changed something. */
class VerificationTest {

    @TempDir
    private Path base;
    private VerifiedBox box;

    @BeforeEach
    void sendFiles() throws Exception {
        box = new VerifiedBox(base);
        for (int i = 0; i < 12; i++) {
            box.send((i % 2 == 0 ? "" : "below/") + "f" + i, "content " + i);
        }
        assertThat(box.segments()).hasSizeGreaterThan(2);
    }

    @AfterEach
    void close() throws Exception {
        box.close();
    }

    @Test
    void findsNothingWrongInABoxThatIsAsItsServersLeftIt() throws Exception {
        box.send("f2", "replaced");
        box.journal().append(List.of(new Entry(Event.LATE, Optional.of("alice"), Optional.empty(), Map.of())));
        box.send("alice/inner", "f", "of another whose directory is below that of alice");
        box.send(".", "g", "of one who has the base directory");
        Files.writeString(box.file("alice/.f.~tmp"), "being staged");
        Files.createDirectories(box.file(".challenges"));
        Files.writeString(box.file(".challenges/1"), "");
        final List<String> told = new ArrayList<>();

        final Checkpoint end = box.verify(Checkpoint.start(Clock.systemUTC().instant()), f -> told.add(f.toString()), Pace.UNLIMITED);

        assertThat(told).isEmpty();
        assertThat(end.files()).isEqualTo(14);
        assertThat(end.wrong()).isZero();
        assertThat(end.directories()).containsExactlyInAnyOrder("alice", "alice/inner", ".");
    }

    @Test
    void tellsOfAnAlteredByteOfAFileWhoseSizeAndTimeAreTheSame() throws Exception {
        final Path file = box.file("alice/below/f3");
        final var time = Files.getLastModifiedTime(file);
        Files.writeString(file, "Content 3");
        Files.setLastModifiedTime(file, time);

        assertThat(box.verify()).singleElement().asString().startsWith("altered: alice/below/f3 (its SHA-256 is ");
    }

    @Test
    void tellsOfAFileThatWasCutRemovedReplacedByALinkOrPutThere() throws Exception {
        Files.writeString(box.file("alice/f0"), "cut");
        Files.delete(box.file("alice/below/f1"));
        Files.move(box.file("alice/f2"), base.resolve("elsewhere"));
        Files.createSymbolicLink(box.file("alice/f2"), base.resolve("elsewhere"));
        Files.writeString(box.file("alice/below/new"), "put there");

        assertThat(box.verify()).containsExactly("altered: alice/f0 (it has 3 bytes instead of 9)",
                "missing: alice/below/f1 (there is none)", "altered: alice/f2 (it is no file any more)",
                "not in the journal: alice/below/new (it has 9 bytes)");
    }

    @Test
    void tellsOfAllFilesOfADirectoryThatIsGone() throws Exception {
        box.send("bob", "f", "content");
        Files.delete(box.file("bob/f"));
        Files.delete(box.file("bob"));

        // The box of the test creates directories that are missing
        assertThat(box.verify()).containsExactly("missing: bob/f (there is none)");
    }

    @Test
    void tellsOfAChainThatIsGone() throws Exception {
        box.close();
        try (VerifiedBox second = new VerifiedBox(base); VerifiedBox third = new VerifiedBox(base)) {
            second.send("in the first chain", "content");
            third.send("in the second chain", "content");
            try (Stream<Path> files = Files.list(base.resolve(".dropzone/journal/1"))) {
                for (final Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(base.resolve(".dropzone/journal/1"));
            assertThat(third.verify()).contains("journal damaged: " + base.resolve(".dropzone/journal/1") + " is missing",
                    "not in the journal: alice/in the first chain (it has 7 bytes)").noneMatch(told -> told.contains("second"));
        }
    }

    @Test
    void tellsOfARemovedFileThatIsStillThere() throws Exception {
        final Entry stored = box.journal().find("alice", "f4").orElseThrow().entry();
        box.journal().append(List.of(with(Event.REMOVED, stored), with(Event.REMOVED, box.journal().find("alice", "f6").orElseThrow().entry()),
                with(Event.REMOVED, box.journal().find("alice", "f8").orElseThrow().entry())));
        Files.delete(box.file("alice/f6"));
        Files.writeString(box.file("alice/f8"), "another");

        final List<String> told = box.verify();

        assertThat(told).hasSize(2);
        assertThat(told.get(0)).startsWith("not removed: alice/f4 (it was removed at ").endsWith("Z)");
        assertThat(told.get(1)).startsWith("not in the journal: alice/f8 (").endsWith(", and another one is there)");
    }

    @Test
    void comparesADamagedFileWithWhatItShouldBe() throws Exception {
        final Entry stored = box.journal().find("alice", "f4").orElseThrow().entry();
        box.journal().append(List.of(with(Event.DAMAGED, stored)));
        assertThat(box.verify()).isEmpty();

        Files.writeString(box.file("alice/f4"), "Content 4");
        assertThat(box.verify()).singleElement().asString().startsWith("altered: alice/f4");
    }

    @Test
    void tellsOfAnAlteredByteOfAnEntryAndVerifiesTheRest() throws Exception {
        final Path segment = box.segments().get(1);
        final String lines = Files.readString(segment);
        final int size = lines.indexOf("\"size\":9") + "\"size\":".length();
        Files.writeString(segment, lines.substring(0, size) + "8" + lines.substring(size + 1));
        Files.delete(box.file("alice/f10"));

        final List<String> told = box.verify();

        assertThat(told).hasSize(3);
        assertThat(told).anyMatch(each -> each.matches("journal damaged: .*/1/0+[0-9]+\\.jsonl is damaged at byte [1-9][0-9]*: the entry"
                + " before [0-9]+ is not the one that was written"));
        assertThat(told).anyMatch(each -> each.contains("(it has 9 bytes instead of 8)"));
        assertThat(told).contains("missing: alice/f10 (there is none)");
    }

    @Test
    void tellsOfARemovedEntryAndOfItsFile() throws Exception {
        final Path segment = box.segments().get(0);
        final List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        lines.remove(1);
        Files.writeString(segment, String.join("\n", lines) + "\n");

        assertThat(box.verify()).satisfiesExactly(
                journal -> assertThat(journal).matches("journal damaged: .*/00000000000000000001.jsonl is damaged at byte [0-9]+:"
                        + " entry 2 should be here, and not 3"),
                file -> assertThat(file).isEqualTo("not in the journal: alice/below/f1 (it has 9 bytes)"));
    }

    @Test
    void tellsOfALineThatIsNoEntry() throws Exception {
        final Path segment = box.segments().get(0);
        final List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        lines.set(1, "?" + lines.get(1).substring(1));
        Files.writeString(segment, String.join("\n", lines) + "\n");

        assertThat(box.verify()).satisfiesExactly(
                journal -> assertThat(journal).endsWith("is damaged at byte " + (lines.get(0).length() + 1) + ": the line is no entry"),
                file -> assertThat(file).isEqualTo("not in the journal: alice/below/f1 (it has 9 bytes)"));
    }

    @Test
    void tellsOfARemovedSegmentAndOfItsFiles() throws Exception {
        for (final int removed : List.of(0, 1)) {
            final Path segment = box.segments().get(removed);
            final byte[] saved = Files.readAllBytes(segment);
            final long entries = Files.readAllLines(segment).size();
            Files.delete(segment);

            final List<String> told = box.verify();

            assertThat(told).filteredOn(each -> each.startsWith("journal damaged: ")).singleElement().asString()
                    .containsAnyOf("the segment is missing", "the next segment should begin with entry");
            assertThat(told).filteredOn(each -> each.startsWith("not in the journal: ")).hasSize((int) entries);
            assertThat(told).hasSize((int) entries + 1);
            Files.write(segment, saved);
        }
        assertThat(box.verify()).isEmpty();
    }

    @Test
    void tellsOfTheFilesWhoseEntriesWereCutOffTheEnd() throws Exception {
        final Path last = box.segments().get(box.segments().size() - 1);
        final List<String> lines = Files.readAllLines(last);
        Files.writeString(last, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");

        assertThat(box.verify()).containsExactly("not in the journal: alice/below/f11 (it has 10 bytes)");
    }

    @Test
    void tellsOfAllThatAnOlderJournalDoesNotKnow() throws Exception {
        final Map<Path, byte[]> older = box.savedJournal();
        box.send("f0", "replaced");
        box.send("later", "new");
        box.close();
        for (final Path segment : box.segments()) {
            Files.delete(segment);
        }
        for (final Map.Entry<Path, byte[]> each : older.entrySet()) {
            Files.write(each.getKey(), each.getValue(), StandardOpenOption.CREATE);
        }

        assertThat(box.verify()).containsExactly("altered: alice/f0 (it has 8 bytes instead of 9)",
                "not in the journal: alice/later (it has 3 bytes)");
    }

    @Test
    void writesNothingIntoTheJournalThoughItsIndexIsMissing() throws Exception {
        for (final Path index : journalFiles()) {
            if (index.toString().endsWith(".index")) {
                Files.delete(index);
            }
        }
        final List<Path> before = journalFiles();

        assertThat(box.verify()).isEmpty();

        assertThat(journalFiles()).isEqualTo(before);
    }

    private List<Path> journalFiles() throws Exception {
        try (Stream<Path> files = Files.walk(base.resolve(".dropzone"))) {
            return files.sorted().toList();
        }
    }

    private static Entry with(final Event event, final Entry stored) {
        return new Entry(event, stored.user(), stored.file(), Optional.empty(), Map.of());
    }
}
