package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkippedTestsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path checkout;

    @Test
    void namesTheTestsAndWhatTheyNeed() throws IOException {
        skipped("tools/a", START + "\tPageIT\tapt-get install chromium chromium-driver\n");
        skipped("tools/b", START + "\tCallsIT\tapt-get install strace\n" + START + "\tQuotaIT\tleave to mount\n"
                + START + "\tFullIT\tleave to mount\n");

        assertThat(SkippedTests.line(checkout, START)).isEqualTo("Skipped, wholly or in part: CallsIT, FullIT, PageIT, QuotaIT. "
                + "What they need: apt-get install chromium chromium-driver strace; leave to mount");
    }

    @Test
    void leavesOutWhatIsOlderThanTheBuild() throws IOException {
        skipped("tools/a", START.minusSeconds(1) + "\tPageIT\tapt-get install chromium\n");

        assertThat(SkippedTests.line(checkout, START)).isEqualTo("No test was skipped.");
    }

    private void skipped(final String module, final String lines) throws IOException {
        final Path file = checkout.resolve(module).resolve(Prerequisite.SKIPPED);
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines);
    }
}
