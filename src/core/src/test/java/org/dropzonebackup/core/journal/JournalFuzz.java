package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dropzonebackup.core.CapturedLog;

/** Tests that any segment is read or found to be damaged, and that a server starts with it and loses nothing of it. */
class JournalFuzz {

    @FuzzTest
    void anySegmentIsReadOrFoundDamaged(final byte[] bytes) throws IOException {
        assertLine(bytes);
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
                CapturedLog log = new CapturedLog(OwnChain.class); CapturedLog faults = new CapturedLog(Tail.class)) {
            final Journals servers = new Journals(memory.getPath("/base/journal"));
            final Path segment = servers.chain(1).segment(1);
            Files.createDirectories(segment.getParent());
            Files.write(segment, bytes);
            try (Journal journal = servers.open()) {
                final byte[] left = Files.readAllBytes(segment);
                if (journal.chain() == 1) {
                    assertThat(left).isEqualTo(upToLastLine(bytes));
                    assertFound(journal, Journals.readAll(journal, 1));
                } else {
                    assertThat(left).isEqualTo(bytes);
                    assertThat(log.lines()).first().asString().contains(" is damaged at byte ");
                }
                assertThat(faults.lines()).hasSizeLessThanOrEqualTo(1);
                assertThat(journal.append(List.of(Journals.stored("a")))).isNotEmpty();
            }
        }
    }

    private static void assertFound(final Journal journal, final List<Line> lines) throws IOException {
        for (final Line line : lines) {
            if (line.entry().file().isPresent()) {
                assertThat(journal.find(line.file().directory(), line.file().path())).hasValueSatisfying(found ->
                        assertThat(found.seq()).isGreaterThanOrEqualTo(line.seq()));
            }
        }
    }

    private static byte[] upToLastLine(final byte[] bytes) {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.lastIndexOf('\n') + 1).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertLine(final byte[] bytes) {
        final Line line;
        try {
            line = LineFormat.parse(1, bytes);
        } catch (final IllegalArgumentException none) {
            return;
        }
        if (line.entry().event() != Event.OTHER) {
            final byte[] again = LineFormat.format(line.seq(), line.time(), line.entry(), line.prev());
            assertThat(LineFormat.parse(1, again).entry()).isEqualTo(line.entry());
        }
    }
}
