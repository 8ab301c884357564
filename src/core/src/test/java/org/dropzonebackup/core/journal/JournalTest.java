package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.journal.Journals.append;
import static org.dropzonebackup.core.journal.Journals.paths;
import static org.dropzonebackup.core.journal.Journals.readAll;
import static org.dropzonebackup.core.journal.Journals.readFrom;
import static org.dropzonebackup.core.journal.Journals.stored;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {

    @TempDir
    private Path base;

    @Test
    void writesLinesOfAFormatThatOthersCanRead() throws Exception {
        final byte[] first = LineFormat.format(1, Instant.parse("2026-12-01T02:03:04Z"), new Entry(Event.STORED, Optional.of("alice"),
                new FileFacts("/srv/alice", "a/b.tar", 7, Journals.DIGEST, Optional.of("C:\\b.tar")), Optional.of("::1")), Line.NONE);
        assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("{\"seq\":1,\"time\":\"2026-12-01T02:03:04.000Z\","
                + "\"event\":\"stored\",\"user\":\"alice\",\"directory\":\"/srv/alice\",\"path\":\"a/b.tar\",\"size\":7,\"sha256\":\""
                + Journals.DIGEST + "\",\"submittedName\":\"C:\\\\b.tar\",\"address\":\"::1\",\"prev\":\"" + Line.NONE + "\"}");

        final byte[] bare = LineFormat.format(2, Instant.EPOCH, new Entry(Event.FOUND, Optional.empty(),
                new FileFacts("box", "x", 0, Journals.DIGEST, Optional.empty()), Optional.empty()), LineFormat.hash(first));
        assertThat(new String(bare, StandardCharsets.UTF_8)).isEqualTo("{\"seq\":2,\"time\":\"1970-01-01T00:00:00.000Z\","
                + "\"event\":\"found\",\"directory\":\"box\",\"path\":\"x\",\"size\":0,\"sha256\":\"" + Journals.DIGEST
                + "\",\"prev\":\"" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(first)) + "\"}");

        final byte[] late = LineFormat.format(3, Instant.EPOCH, new Entry(Event.LOGIN_BLOCKED, Optional.of("alice"),
                Optional.of("::1"), Map.of("b", "2", "a", "1")), Line.NONE);
        assertThat(new String(late, StandardCharsets.UTF_8)).isEqualTo("{\"seq\":3,\"time\":\"1970-01-01T00:00:00.000Z\","
                + "\"event\":\"login-blocked\",\"user\":\"alice\",\"address\":\"::1\",\"details\":{\"a\":\"1\",\"b\":\"2\"},\"prev\":\""
                + Line.NONE + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with \"quotes\" and \\", "</script>", "line\nfeed\r\t\0\u001f\u007f\u0085\u2028\u202e", "\u00e4\u4e2d",
            "\ud83d\udcbe", "{\"seq\":1}", "'", ""})
    void givesBackWhatWasAppended(final String text) throws Exception {
        final Entry entry = new Entry(Event.REMOVED, Optional.of(text),
                Optional.of(new FileFacts(text, "x" + text, Long.MAX_VALUE, Journals.DIGEST, Optional.of(text))), Optional.of(text),
                Map.of(text, text));
        try (Journal journal = new Journals(base).open()) {
            final List<Line> appended = journal.append(List.of(entry, stored("b")));

            assertThat(readAll(journal, 1)).isEqualTo(appended);
            assertThat(appended).extracting(Line::entry).containsExactly(entry, stored("b"));
            assertThat(journal.find(text, "x" + text)).contains(appended.get(0));
            assertThat(Files.readAllLines(base.resolve("1/00000000000000000001.jsonl"))).hasSize(2);
        }
    }

    @Test
    void chainsEntriesOverSegmentsAndRestarts() throws Exception {
        final Journals servers = new Journals(base);
        for (int start = 0; start < 3; start++) {
            try (Journal journal = servers.open()) {
                assertThat(journal.chain()).isEqualTo(1);
                append(journal, start + ".", 10);
            }
        }
        try (Journal journal = servers.open()) {
            final List<Line> lines = readAll(journal, 1);
            assertThat(lines).extracting(Line::seq).containsExactly(Stream.iterate(1L, seq -> seq + 1).limit(30).toArray(Long[]::new));
            assertThat(lines.get(0).prev()).isEqualTo(Line.NONE);
            for (int i = 1; i < lines.size(); i++) {
                assertThat(lines.get(i).prev()).isEqualTo(lines.get(i - 1).hash());
            }
            assertThat(servers.chain(1).segments()).hasSizeGreaterThan(5);
            for (final Line line : lines) {
                assertThat(journal.find("alice", line.file().path())).contains(line);
            }
            assertThat(journal.find("alice", "30")).isEmpty();
            assertThat(journal.find("bob", "0.0")).isEmpty();
        }
    }

    @Test
    void keepsEntriesOfOneCallTogetherWhateverTheirSize() throws Exception {
        final List<Entry> many = Stream.iterate(0, i -> i + 1).limit(50).map(i -> stored("file " + i)).toList();
        try (Journal journal = new Journals(base).open()) {
            assertThat(journal.append(many)).extracting(Line::entry).isEqualTo(many);
            assertThat(journal.append(List.of())).isEmpty();
            append(journal, "then ", 1);
            assertThat(readAll(journal, 1)).extracting(Line::seq).last().isEqualTo(51L);
        }
    }

    @Test
    void isReadOnFromWhereAReaderStopped() throws Exception {
        try (Journal journal = new Journals(base).open()) {
            append(journal, "first ", 5);
            try (ChainReader reader = journal.read(Position.start(1))) {
                for (int i = 0; i < 5; i++) {
                    assertThat(reader.next()).isPresent();
                    assertThat(readFrom(journal, reader.position())).hasSize(4 - i);
                }
                assertThat(reader.next()).isEmpty();
                append(journal, "later ", 5);
                assertThat(reader.next()).hasValueSatisfying(line -> assertThat(line.file().path()).isEqualTo("later 0"));
                assertThat(paths(readFrom(journal, reader.position()))).containsExactly("later 1", "later 2", "later 3", "later 4");
            }
        }
    }

    @Test
    void findsAnEntryByItsNumberBesideDamagedOnes() throws Exception {
        final int many = 3000;
        try (Journal journal = new Journals(base).open()) {
            append(journal, "a", 1);
            final List<Line> lines = journal.append(
                    IntStream.range(0, many).mapToObj(i -> stored("x".repeat(i % 1000) + i)).toList());
            final Path segment = base.resolve("1/00000000000000000001.jsonl");
            final byte[] bytes = Files.readAllBytes(segment);
            Arrays.fill(bytes, bytes.length / 2 - 3000, bytes.length / 2 + 3000, (byte) 'x');
            Files.write(segment, bytes);
            assertThat(lines.stream().filter(line -> !entry(journal, line.seq()).equals(Optional.of(line))).count()).isBetween(1L, 20L);
            assertThat(entry(journal, 1)).isPresent();
            assertThat(entry(journal, 0)).isEmpty();
            assertThat(entry(journal, many + 2)).isEmpty();
        }
    }

    private static Optional<Line> entry(final Journal journal, final long seq) {
        try {
            return journal.entry(1, seq);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void findsTheNewestEntryOfAFileAlsoAfterTheClockWasSetBack() throws Exception {
        final Journals servers = new Journals(base);
        try (Journal journal = servers.open()) {
            for (int size = 0; size < 20; size++) {
                servers.clock.pass(Duration.ofHours(size == 15 ? -100 : 1));
                journal.append(List.of(stored("a", size)));
                assertThat(journal.find("alice", "a").orElseThrow().file().size()).isEqualTo(size);
            }
        }
    }

    @Test
    void isForItsOwnerAlone() throws Exception {
        Prerequisite.that(base.getFileSystem().supportedFileAttributeViews().contains("posix"), "permissions", "files have none here");
        final Path directory = base.resolve(".dropzone/journal");
        try (Journal journal = new Journals(directory).open(); Stream<Path> files = Files.walk(directory.getParent())) {
            append(journal, "a", 10);
            assertThat(files).allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void takesNoEntriesWhenItIsClosed() throws Exception {
        final Journal journal = new Journals(base).open();
        journal.close();
        assertThatThrownBy(() -> append(journal, "a", 1)).isInstanceOf(JournalUnwritableException.class).hasMessageContaining("closed");
    }

    @Test
    void writesNoEventThatItDoesNotKnowAndReadsIt() throws Exception {
        final Entry other = new Entry(Event.OTHER, Optional.empty(), Optional.empty(), Map.of());
        try (Journal journal = new Journals(base).open()) {
            assertThatThrownBy(() -> journal.append(List.of(other))).isInstanceOf(IllegalArgumentException.class);
            append(journal, "a", 1);
        }
        final String line = Files.readString(base.resolve("1/00000000000000000001.jsonl")).strip();
        assertThat(LineFormat.parse(1, line.replace("stored", "sealed").replace("\"seq\"", "\"new\":{},\"seq\"").getBytes(
                StandardCharsets.UTF_8)).entry().event()).isEqualTo(Event.OTHER);
    }
}
