package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.journal.Journals.append;
import static org.dropzonebackup.core.journal.Journals.paths;
import static org.dropzonebackup.core.journal.Journals.readAll;
import static org.dropzonebackup.core.journal.Journals.stored;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dropzonebackup.core.CapturedLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain that is not what was written, in its end or elsewhere. */
class DamagedChainTest {

    private static final int ENTRIES = 10;

    @TempDir
    private Path base;
    private Journals servers;
    private ChainFiles chain;

    @BeforeEach
    void write() throws Exception {
        servers = new Journals(base);
        chain = servers.chain(1);
        try (Journal journal = servers.open()) {
            append(journal, "a", ENTRIES);
        }
    }

    @Test
    void isCutWhereItEndsWithinALine() throws Exception {
        final Path segment = servers.lastSegment(1);
        final byte[] whole = Files.readAllBytes(segment);
        final int lastLine = beginOfLastLine(whole);
        for (int length = lastLine; length < whole.length; length++) {
            Files.write(segment, Arrays.copyOf(whole, length));
            try (CapturedLog log = new CapturedLog(OwnChain.class); Journal journal = servers.open()) {
                assertThat(journal.chain()).as("%d bytes", length).isEqualTo(1);
                assertThat(Files.size(segment)).isEqualTo(lastLine);
                assertThat(log.lines()).hasSize(length == lastLine ? 0 : 1).allSatisfy(line ->
                        assertThat(line).startsWith("WARNING the journal").endsWith("bytes of it are cut off"));
                assertThat(journal.find("alice", "a" + (ENTRIES - 1))).isEmpty();
                append(journal, "then", 1);
                assertThat(paths(readAll(journal, 1))).hasSize(ENTRIES).endsWith("a" + (ENTRIES - 2), "then0");
            }
        }
    }

    private static int beginOfLastLine(final byte[] lines) {
        int begin = lines.length - 1;
        while (begin > 0 && lines[begin - 1] != '\n') {
            begin--;
        }
        return begin;
    }

    @Test
    void goesOnInASegmentOfWhichAKillHasLeftNothing() throws Exception {
        for (int i = 0; chain.segments().size() < 5; i++) {
            try (Journal journal = servers.open()) {
                append(journal, "b" + i, 1);
            }
        }
        final Path segment = servers.lastSegment(1);
        Files.write(segment, new byte[0]);
        try (Journal journal = servers.open()) {
            append(journal, "then", 1);
            assertThat(servers.lastSegment(1)).isEqualTo(segment);
            assertThat(paths(readAll(journal, 1))).endsWith("then0");
        }
    }

    @Test
    void isLeftAsItIsIfItsEndWasAltered() throws Exception {
        final Path last = servers.lastSegment(1);
        final List<Long> segments = chain.segments();
        final Path before = chain.segment(segments.get(segments.size() - 2));

        assertLeft(last, text -> text.replaceFirst("\"seq\":", "\"seq\":1"), "should be here");
        assertLeft(last, text -> text.replaceFirst("alice", "malice"), "not the one that was written");
        assertLeft(last, text -> text.replaceFirst("\\{", "\0"), "no entry");
        assertLeft(last, text -> text.substring(text.indexOf('\n') + 1), "should be here");
        assertLeft(last, text -> text.substring(text.indexOf('\n')), "no entry");
        assertLeft(last, text -> text.indexOf('\n') + "" + text, "no entry");
        assertLeft(last, text -> "x".repeat(2 * SegmentLines.LONGEST) + "\n" + text, "more than 1048576 bytes");
        assertLeft(before, text -> text.strip(), "does not end with a line");
        assertLeft(before, text -> text.substring(0, beginOfLastLine(text.getBytes(StandardCharsets.UTF_8))), "a segment before is missing");
        assertLeft(before, text -> "", "does not end with a line");
        assertLeft(before, text -> text.replace("a" + (segments.get(segments.size() - 1) - 2), "bc"), "not the one that was written");
    }

    /** Another chain is begun, the files of the damaged one are found in what is left of it, and it is as it was. */
    private void assertLeft(final Path segment, final UnaryOperator<String> damage, final String problem) throws Exception {
        final String whole = Files.readString(segment);
        final String damaged = damage.apply(whole);
        assertThat(damaged).isNotEqualTo(whole);
        Files.writeString(segment, damaged);
        try (CapturedLog log = new CapturedLog(OwnChain.class); CapturedLog faults = new CapturedLog(Tail.class);
                Journal journal = servers.open()) {
            assertThat(journal.chain()).as(damaged).isEqualTo(2);
            assertThat(log.lines()).first().asString()
                    .startsWith("SEVERE nothing is added to the journal " + chain.directory() + " any more: ").contains(problem);
            assertThat(journal.find("alice", "a0")).isPresent();
            assertThat(faults.lines()).hasSizeLessThanOrEqualTo(1);
            assertThat(segment).hasContent(damaged);
        }
        Files.writeString(segment, whole);
        for (final long each : chain.segments()) {
            Files.deleteIfExists(chain.index(each));
        }
    }

    @Test
    void isFoundOutByWhoReadsItAll() throws Exception {
        final List<Long> segments = chain.segments();
        final Path first = chain.segment(1);
        final Path second = chain.segment(segments.get(1));
        try (Journal journal = servers.open()) {
            assertFoundOut(journal, first, text -> text.replace("a1", "b1"), "not the one that was written");
            assertFoundOut(journal, first, text -> text.replaceFirst("\"prev\":\"0", "\"prev\":\"1"), "not the one that was written");
            assertFoundOut(journal, second, text -> text.substring(text.indexOf('\n') + 1), "should be here");
            assertFoundOut(journal, first, text -> text.substring(0, beginOfLastLine(text.getBytes(StandardCharsets.UTF_8))),
                    "the next segment should begin with entry");
            assertFoundOut(journal, first, text -> text.strip(), "ends within a line");
            assertFoundOut(journal, second, text -> null, "the next segment should begin with entry");
            assertFoundOut(journal, first, text -> null, "is missing");
        }
        final Position end;
        try (Journal journal = servers.open(); ChainReader reader = journal.read(Position.start(1))) {
            while (reader.next().isPresent()) {
                continue;
            }
            end = reader.position();
            Files.writeString(servers.lastSegment(1), "");
            assertThatThrownBy(() -> Journals.readFrom(journal, new Position(1, end.segment(), end.offset(), end.seq() - 1, end.head())))
                    .isInstanceOf(DamagedChainException.class).hasMessageContaining("ends before");
        }
    }

    private static void assertFoundOut(final Journal journal, final Path segment, final UnaryOperator<String> damage,
            final String problem) throws Exception {
        final String whole = Files.readString(segment);
        final String damaged = damage.apply(whole);
        Files.delete(segment);
        if (damaged != null) {
            assertThat(damaged).isNotEqualTo(whole);
            Files.writeString(segment, damaged);
        }
        try (ChainReader reader = journal.read(Position.start(1))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> {
                    while (reader.next().isPresent()) {
                        continue;
                    }
                }).isInstanceOf(DamagedChainException.class).hasMessageContaining(problem);
            }
        }
        Files.writeString(segment, whole);
    }

    @Test
    void isIndexedAsFarAsItCanBeRead() throws Exception {
        final Path first = chain.segment(1);
        Files.writeString(first, Files.readString(first).replaceFirst("\"a1\"", "a1\"").replace("\"a2\"", "\"A2\""));
        Files.delete(chain.index(1));
        try (CapturedLog log = new CapturedLog(Tail.class); Journal journal = servers.open()) {
            assertThat(journal.find("alice", "a0")).isPresent();
            assertThat(journal.find("alice", "a1")).isEmpty();
            assertThat(journal.find("alice", "a9")).isPresent();
            assertThat(log.lines()).containsExactly(
                    "SEVERE files are not found in the journal: " + first + " has a line that is no entry");
        }
    }

    @Test
    void whatIsFoundIsWhatWasAppendedOrNothing() throws Exception {
        final Path first = chain.segment(1);
        try (CapturedLog log = new CapturedLog(ChainIndex.class); Journal journal = servers.open()) {
            final String whole = Files.readString(first);
            Files.writeString(first, whole.replace("a0", "b0"));
            assertThat(journal.find("alice", "a0")).isEmpty();
            Files.writeString(first, "x" + whole);
            assertThat(journal.find("alice", "a0")).isEmpty();
            Files.delete(first);
            assertThat(journal.find("alice", "a0")).isEmpty();
            Files.delete(chain.index(1));
            assertThat(journal.find("alice", "a0")).isEmpty();
            append(journal, "still", 1);
            assertThat(journal.find("alice", "still0")).isPresent();
            assertThat(log.lines()).containsExactly("SEVERE a file is not found in the journal: " + first + " was altered or removed");
            assertThat(journal.append(List.of(stored("a0")))).isNotEmpty();
            assertThat(journal.find("alice", "a0")).isPresent();
        }
    }
}
