package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.journal.Journals.append;
import static org.dropzonebackup.core.journal.Journals.paths;
import static org.dropzonebackup.core.journal.Journals.readAll;
import static org.dropzonebackup.core.journal.Journals.stored;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dropzonebackup.core.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that fails while entries are written. */
class FailingWritesTest {

    /** What fails. */
    private enum Fault { OPEN, WRITE, SYNC, CUT }

    @TempDir
    private Path base;
    private final Set<Fault> faults = ConcurrentHashMap.newKeySet();
    private final SegmentFile.Opener device = (path, durable) -> {
        fail(Fault.OPEN);
        return new FailingSegment(path);
    };

    private void fail(final Fault fault) throws IOException {
        if (faults.contains(fault)) {
            throw new IOException(fault == Fault.WRITE ? "No space left on device" : "Input/output error");
        }
    }

    private final class FailingSegment extends SegmentFile {

        FailingSegment(final Path path) throws IOException {
            super(path, true);
        }

        @Override
        void write(final ByteBuffer bytes, final long offset) throws IOException {
            if (faults.contains(Fault.WRITE)) {
                // A part of it finds room, with a whole line
                super.write(bytes.slice(0, bytes.limit() - 5), offset);
            }
            fail(Fault.WRITE);
            super.write(bytes, offset);
        }

        @Override
        void sync() throws IOException {
            fail(Fault.SYNC);
            super.sync();
        }

        @Override
        void cut(final long offset) throws IOException {
            fail(Fault.CUT);
            super.cut(offset);
        }
    }

    @Test
    void leavesNothingOfEntriesThatFailed() throws Exception {
        for (final Set<Fault> fault : List.of(Set.of(Fault.WRITE), Set.of(Fault.SYNC), Set.of(Fault.WRITE, Fault.CUT),
                Set.of(Fault.SYNC, Fault.CUT))) {
            final Path directory = base.resolve(fault.toString());
            final Journals servers = new Journals(directory, device);
            try (Journal journal = servers.open()) {
                append(journal, "before", 1);
                final long size = Files.size(servers.lastSegment(1));
                faults.addAll(fault);
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> journal.append(List.of(stored("failed"), stored("failed too"))))
                            .isInstanceOf(JournalUnwritableException.class)
                            .hasMessage("the journal " + directory.resolve("1") + " takes no entries: "
                                    + (i > 0 && fault.contains(Fault.CUT) || fault.contains(Fault.SYNC) ? "Input/output error"
                                            : "No space left on device"));
                }
                assertThat(Files.size(servers.lastSegment(1)) == size).isNotEqualTo(fault.contains(Fault.CUT));
                assertThat(paths(readAll(journal, 1))).containsExactly("before0");
                faults.clear();

                append(journal, "after", 1);
                assertThat(paths(readAll(journal, 1))).containsExactly("before0", "after0");
                assertThat(journal.find("alice", "failed")).isEmpty();
                assertThat(journal.find("alice", "after0")).isPresent();
            }
            try (Journal again = servers.open()) {
                assertThat(again.chain()).isEqualTo(1);
                assertThat(paths(readAll(again, 1))).containsExactly("before0", "after0");
            }
        }
    }

    @Test
    void goesOnInTheSameSegmentIfTheNextCannotBeBegun() throws Exception {
        final Journals servers = new Journals(base, device);
        try (Journal journal = servers.open()) {
            while (Files.size(servers.lastSegment(1)) < Journals.SEGMENT_SIZE) {
                append(journal, "before", 1);
            }
            faults.add(Fault.OPEN);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> append(journal, "failed", 1)).isInstanceOf(JournalUnwritableException.class);
            }
            faults.clear();
            append(journal, "after", 12);
            assertThat(paths(readAll(journal, 1))).endsWith("after11").doesNotContain("failed0");
            assertThat(journal.find("alice", "before0")).isPresent();
            assertThat(journal.find("alice", "after0")).isPresent();
        }
    }

    @Test
    void findsEntriesOfASegmentWhoseIndexCannotBeWritten() throws Exception {
        final Journals servers = new Journals(base);
        final Path temporary = base.resolve("1/00000000000000000001.index.new");
        try (Journal journal = servers.open(); CapturedLog log = new CapturedLog(SealedIndex.class)) {
            Files.createDirectory(temporary);
            append(journal, "a", 12);
            assertThat(servers.chain(1).index(1)).doesNotExist();
            assertThat(log.lines()).containsExactly("WARNING an index is kept in memory, as it cannot be written");
            for (int i = 0; i < 12; i++) {
                assertThat(journal.find("alice", "a" + i)).isPresent();
            }
        }
    }

    @Test
    void startsNotIfWhatAKillHasLeftCannotBeCutOff() throws Exception {
        final Journals servers = new Journals(base, device);
        try (Journal journal = servers.open()) {
            append(journal, "before", 1);
        }
        Files.writeString(servers.lastSegment(1), "{\"seq\":2", StandardOpenOption.APPEND);
        faults.add(Fault.CUT);
        assertThatThrownBy(servers::open).isInstanceOf(IOException.class).hasMessage("Input/output error");
        faults.clear();
        try (Journal journal = servers.open()) {
            assertThat(journal.chain()).isEqualTo(1);
        }
    }

    @Test
    void anInterruptedThreadAppendsAsAnyOther() throws Exception {
        try (Journal journal = new Journals(base).open()) {
            Thread.currentThread().interrupt();
            append(journal, "interrupted", 1);
            assertThat(Thread.interrupted()).isTrue();
            append(journal, "after", 1);
            assertThat(paths(readAll(journal, 1))).containsExactly("interrupted0", "after0");
        }
    }

    @Test
    void touchesNothingThatSomebodyElseHasWrittenToItsChain() throws Exception {
        final Journals servers = new Journals(base);
        try (Journal journal = servers.open()) {
            append(journal, "before", 1);
            final Path segment = servers.lastSegment(1);
            final String whole = Files.readString(segment);
            Files.writeString(segment, "{\"by\":\"others\"}\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> append(journal, "refused", 1)).isInstanceOf(JournalUnwritableException.class)
                        .hasMessageContaining("somebody else writes to it");
            }
            assertThat(segment).hasContent(whole + "{\"by\":\"others\"}\n");
        }
    }

    @Test
    void aFullDeviceTakesEntriesAgainWhenThereIsRoom() throws Exception {
        final Configuration small = Configuration.unix().toBuilder().setMaxSize(300_000).setBlockSize(512).build();
        try (FileSystem files = Jimfs.newFileSystem(small)) {
            final Path ballast = Files.write(Files.createDirectory(files.getPath("/other")).resolve("ballast"), new byte[250_000]);
            final Journals servers = new Journals(files.getPath("/base/journal"));
            try (Journal journal = servers.open()) {
                int written = 0;
                IOException full = null;
                while (full == null) {
                    try {
                        journal.append(List.of(stored("a" + written)));
                        written++;
                    } catch (final JournalUnwritableException e) {
                        full = e;
                    }
                }
                assertThat(full).hasMessageContaining("out of disk space");
                assertThat(written).isGreaterThan(20);
                assertThat(readAll(journal, 1)).hasSize(written);

                Files.delete(ballast);
                journal.append(List.of(stored("a" + written)));
                assertThat(readAll(journal, 1)).hasSize(written + 1);
                for (int i = 0; i <= written; i++) {
                    assertThat(journal.find("alice", "a" + i)).isPresent();
                }
            }
        }
    }
}
