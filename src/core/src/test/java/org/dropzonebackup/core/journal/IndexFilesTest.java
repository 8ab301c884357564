package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.journal.Journals.append;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.dropzonebackup.core.CapturedLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files by which entries are found, whose loss never matters. */
class IndexFilesTest {

    private static final int ENTRIES = 20;

    @TempDir
    private Path base;
    private Journals servers;
    private ChainFiles chain;
    private byte[] whole;

    @BeforeEach
    void write() throws Exception {
        servers = new Journals(base);
        chain = servers.chain(1);
        try (Journal journal = servers.open()) {
            append(journal, "a", ENTRIES);
        }
        whole = Files.readAllBytes(chain.index(1));
    }

    @Test
    void areThereForEachSegmentButTheLast() throws Exception {
        final List<Long> segments = chain.segments();
        for (final long segment : segments.subList(0, segments.size() - 1)) {
            assertThat(chain.index(segment)).exists();
        }
        assertThat(chain.index(segments.get(segments.size() - 1))).doesNotExist();
        assertMadeAnew(0);
    }

    @Test
    void areMadeAnewIfTheyAreMissingDamagedOrOfOld() throws Exception {
        Files.delete(chain.index(1));
        assertMadeAnew(1);
        for (int length = 0; length < whole.length; length++) {
            final byte[] damaged = whole.clone();
            damaged[length] ^= 1;
            Files.write(chain.index(1), damaged);
            assertMadeAnew(1);
            Files.write(chain.index(1), Arrays.copyOf(whole, length));
            assertMadeAnew(1);
        }
        Files.copy(chain.index(chain.segments().get(1)), chain.index(1), StandardCopyOption.REPLACE_EXISTING);
        assertMadeAnew(1);
    }

    private void assertMadeAnew(final int count) throws IOException {
        try (CapturedLog log = new CapturedLog(SealedIndex.class); Journal journal = servers.open()) {
            assertThat(log.lines()).hasSize(count).allMatch(line -> line.startsWith("INFO indexing"));
            assertAllFound(journal);
        }
        assertThat(chain.index(1)).hasBinaryContent(whole);
    }

    private static void assertAllFound(final Journal journal) throws IOException {
        for (int i = 0; i < ENTRIES; i++) {
            assertThat(journal.find("alice", "a" + i)).as("%d", i).isPresent();
        }
    }

    @Test
    void areMadeAnewIfTheyGetLostWhileTheServerRuns() throws Exception {
        try (Journal journal = servers.open()) {
            assertAllFound(journal);
            for (final long segment : chain.segments()) {
                Files.deleteIfExists(chain.index(segment));
            }
            assertAllFound(journal);
            Files.write(chain.index(1), Arrays.copyOf(whole, 10));
            assertAllFound(journal);
        }
        assertThat(chain.index(1)).hasBinaryContent(whole);
    }

    @Test
    void areLeftOverByAKillWithoutHarm() throws Exception {
        Files.delete(chain.index(1));
        Files.write(chain.index(1).resolveSibling(chain.index(1).getFileName() + ".new"), new byte[100]);
        assertMadeAnew(1);
    }
}
